import { expect, it } from 'vitest';
import { modulesOf } from './modules-of.js';

it('planning reaches no engine, model, training or run, and no file system or clock', () => {
  const modules = modulesOf('src/plan/create-plan.ts');
  expect(modules.filter((name) => /tfjs|src\/(engine|model|train|trial|run|report|data|cli)\//.test(name))).toEqual([]);
  expect(
    modules.filter((name) => /^(node:)?(fs|fs\/promises|child_process|timers|perf_hooks|net|http)$/.test(name)),
  ).toEqual([]);
});
