const CODES: readonly unknown[] = ['ENOSPC', 'EDQUOT', 'EROFS', 'EIO', 'EMFILE', 'ENFILE', 'ESTALE'];

/** Whether the machine's disk refused something, which says nothing about the trial. */
export function isDiskError(error: unknown): boolean {
  return error instanceof Error && CODES.includes((error as NodeJS.ErrnoException).code);
}
