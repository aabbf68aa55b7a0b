import { createRequire } from 'node:module';

/** Packages that `@tensorflow/tfjs` only passes on: no trial uses them, and loading them takes every process 0.06 s. */
const UNUSED = ['layers', 'converter', 'data', 'backend-webgl'].map((name) => `@tensorflow/tfjs-${name}`);

const require = createRequire(createRequire(import.meta.url).resolve('@tensorflow/tfjs/package.json'));
const stoodFor = UNUSED.map((name) => require.resolve(name)).filter((path) => require.cache[path] === undefined);
for (const path of stoodFor) require.cache[path] = { exports: {}, loaded: true } as NodeJS.Module;

/** To be called when `@tensorflow/tfjs` is loaded: who asks for one of these packages from now on gets it. */
export function stopStandingIn(): void {
  for (const path of stoodFor) delete require.cache[path];
}

/** What those packages export, loaded now: tfjs-node takes it from `@tensorflow/tfjs`. */
export function unusedExports(): object {
  return Object.assign({}, ...UNUSED.map((name) => require(name) as object));
}
