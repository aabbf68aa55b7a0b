import { expect, test } from 'vitest';
import * as run from '../../src/cli/commands/run.js';
import { call } from './call.js';

test.each(['0s', '0.0000001h', '99999999999999999999999d'])(
  'a time limit of %s is refused by its option',
  async (text) => {
    const { error } = await call(run, ['p.yaml', '--timeout', text]);
    expect(String(error)).toContain(
      `option '--timeout <duration>' argument '${text}' is invalid. Expected a time ${text.startsWith('0') ? 'from 0.001s.' : 'that a trial could take.'}`,
    );
  },
);
