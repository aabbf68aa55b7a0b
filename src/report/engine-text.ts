import type { EngineInfo } from '../engine/engine-info.js';

/** `native (avx2), 1 thread`; a device that is not the CPU follows. */
export function engineText({ name, variant, threads, device }: EngineInfo): string {
  const parts = [variant === '' ? name : `${name} (${variant})`];
  if (Number.isFinite(threads)) parts.push(threads === 1 ? '1 thread' : `${threads} threads`);
  if (device !== '' && device !== 'cpu') parts.push(device);
  return parts.join(', ');
}
