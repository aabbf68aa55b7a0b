import type { RunInfo } from '../../run/journal-events.js';
import type { Fields } from './fields.js';

/** run.json; texts that are missing are empty and numbers NaN. */
export function readInfo(info: Fields): RunInfo {
  const machine = info.object('machine');
  const git = info.object('git');
  return {
    schema: 1,
    id: info.text('id'),
    name: info.text('name'),
    started: info.text('started'),
    command: info.list('command').map(String),
    jobs: info.number('jobs'),
    working_directory: info.text('working_directory'),
    sweepline: info.text('sweepline'),
    node: info.text('node'),
    machine: {
      host: machine?.text('host') ?? '',
      platform: machine?.text('platform') ?? '',
      cpu: machine?.text('cpu') ?? '',
      cores: machine?.number('cores') ?? Number.NaN,
      memory_bytes: machine?.number('memory_bytes') ?? Number.NaN,
    },
    git: git === null ? null : { commit: git.text('commit'), dirty: git.flag('dirty'), branch: git.text('branch') },
  };
}
