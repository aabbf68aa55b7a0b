import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { expect, test } from 'vitest';

const SCRIPT = fileURLToPath(new URL('../../scripts/kills.js', import.meta.url));

test('after 20 random kills nothing is lost, nothing repeated, and every result has the same bits', async () => {
  const { stdout, exitCode } = await execa(process.execPath, [SCRIPT, '--count', '20', '--seed', '6', '--json'], {
    reject: false,
    stderr: 'inherit',
  });
  expect(JSON.parse(stdout)).toMatchObject({ kills: 20, problems: [] });
  expect(exitCode).toBe(0);
});
