import { randomBytes } from 'node:crypto';
import { type FileHandle, open, rename, rm, symlink } from 'node:fs/promises';
import { dirname } from 'node:path';

/** Writes `content` beside `path`, syncs it and renames it there: readers see the old file or the whole new one. */
export async function writeAtomically(path: string, content: string | Uint8Array): Promise<void> {
  const aside = asideOf(path);
  try {
    await withFile(aside, 'wx', async (file) => {
      await file.writeFile(content);
      await file.sync();
    });
    await rename(aside, path);
  } catch (error) {
    await rm(aside, { force: true });
    throw error;
  }
  await syncFolder(dirname(path));
}

/** Makes `path` a symbolic link to `target` (relative to the link), replacing a link that is there in one step. */
export async function linkAtomically(path: string, target: string): Promise<void> {
  const aside = asideOf(path);
  await symlink(target, aside);
  try {
    await rename(aside, path);
  } catch (error) {
    await rm(aside, { force: true });
    throw error;
  }
}

/** Makes renames and new names in `folder` last over a power cut, where the system can. */
export async function syncFolder(folder: string): Promise<void> {
  try {
    await withFile(folder, 'r', (handle) => handle.sync());
  } catch (error) {
    // Windows opens no folders and some network file systems sync none: the rename is still atomic there.
    if (!['EISDIR', 'EPERM', 'EACCES', 'EINVAL', 'ENOTSUP'].includes((error as NodeJS.ErrnoException).code ?? '')) {
      throw error;
    }
  }
}

function asideOf(path: string): string {
  return `${path}.${randomBytes(4).toString('hex')}.tmp`;
}

async function withFile(path: string, flags: string, use: (file: FileHandle) => Promise<void>): Promise<void> {
  const file = await open(path, flags);
  try {
    await use(file);
  } finally {
    await file.close();
  }
}
