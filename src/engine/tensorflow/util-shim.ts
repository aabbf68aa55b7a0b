import { createRequire } from 'node:module';

/**
 * tfjs-node 4.22.0 calls two functions of node:util that Node 22 warns about and Node 23 no longer has
 * (tensorflow/tfjs#8425, #8609); `util` is the object to mend, node:util when left out.
 */
export function shimUtil(util: object = createRequire(import.meta.url)('node:util')): void {
  Object.assign(util, {
    isArray: Array.isArray,
    isNullOrUndefined: (value: unknown) => value === null || value === undefined,
  });
}
