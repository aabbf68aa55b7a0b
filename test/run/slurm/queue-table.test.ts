import { expect, test } from 'vitest';
import { hasEnded, isActive, readAccounts, readQueue } from '../../../src/run/executors/slurm/queue-table.js';

test('tasks that wait share a line of squeue; those that run have their own', () => {
  const table = readQueue('7|2-4,9,20-30:5%4|PENDING|Priority|\n7|0|RUNNING|None|node3\n8|N/A|COMPLETED|None|node4\n');
  expect([...table.keys()]).toEqual(['7_2', '7_3', '7_4', '7_9', '7_20', '7_25', '7_30', '7_0', '8']);
  expect(table.get('7_25')).toEqual({ state: 'PENDING', reason: 'Priority', host: '' });
  expect(table.get('7_0')).toEqual({ state: 'RUNNING', reason: '', host: 'node3' });
});

test('a thousand waiting tasks are all read from one line', () => {
  expect(readQueue('7|0-999%20|PENDING|Resources|\n').size).toBe(1000);
});

test('lines that are no tasks are passed over', () => {
  expect(readQueue('\nslurm_load_jobs: warning\n').size).toBe(0);
});

test('sacct tells who cancelled a task, how it ended and the memory of its steps', () => {
  const table = readAccounts(
    [
      '7_0|CANCELLED by 1000|0:0||node1',
      '7_1|OUT_OF_MEMORY|0:125||node2',
      '7_1.batch|OUT_OF_MEMORY|0:125|3984588K|node2',
      '7_1.extern|COMPLETED|0:0|1.5M|node2',
    ].join('\n'),
  );
  expect(table.get('7_0')).toEqual({ state: 'CANCELLED', by: '1000', reason: '', host: 'node1', exit: '0:0' });
  expect(table.get('7_1')).toMatchObject({ state: 'OUT_OF_MEMORY', peak_memory_bytes: 3984588 * 1024 });
});

test('only states that no job leaves count as ended; a held one neither runs nor has ended', () => {
  const ended = ['COMPLETED', 'NODE_FAIL', 'OUT_OF_MEMORY', 'PREEMPTED', 'BOOT_FAIL', 'DEADLINE'];
  expect(ended.every((state) => hasEnded({ state }))).toBe(true);
  const alive = ['PENDING', 'RUNNING', 'COMPLETING', 'CONFIGURING', 'SUSPENDED', 'REQUEUED', 'REQUEUE_HOLD'];
  expect(alive.some((state) => hasEnded({ state }))).toBe(false);
  expect(isActive({ state: 'COMPLETING' })).toBe(true);
  expect(isActive({ state: 'REQUEUE_HOLD' })).toBe(false);
});
