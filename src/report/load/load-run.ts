import { readdir, stat } from 'node:fs/promises';
import { relative, sep } from 'node:path';
import { ReportError } from '../../errors.js';
import { inGroups } from '../../in-groups.js';
import type { RunInfo } from '../../run/journal-events.js';
import { RunFolder } from '../../run/run-folder.js';
import type { RunData, RunProblem } from '../run-data.js';
import type { Fields, Note } from './fields.js';
import { readInfo } from './read-info.js';
import { type JournalData, readJournalText } from './read-journal.js';
import { readJson, readText } from './read-json.js';
import { type PlannedRun, readPlan, readPlannedTrial } from './read-plan.js';
import { readTrial } from './read-trial.js';
import {
  claimsOf,
  type PipelineSettings,
  readPipelineSettings,
  reportSettings,
  withDecimalsIn,
} from './report-settings.js';

/**
 * Reads all that a run folder says. What is missing, half-written or edited becomes one of the listed problems. Throws a
 * ReportError when the folder holds nothing of a run, or files of a schema version that is not known.
 */
export async function loadRun(path: string): Promise<RunData> {
  const folder = new RunFolder(path);
  await checkFolder(folder);
  const problems: RunProblem[] = [];
  const noteOn = (file: string): Note => {
    const name = relative(path, file).split(sep).join('/');
    return (message) => problems.push({ file: name, message });
  };

  const info = await loadInfo(folder, noteOn(folder.infoFile));
  const planFile = await readJson(folder.planFile, noteOn(folder.planFile), { versions: [1, 2] });
  const planned = planFile === null ? NOTHING : readPlan(planFile, noteOn(folder.planFile));
  const plan = planned.trials.length > 0 ? planned : await planFromTrials(folder, noteOn);
  const journal = await loadJournal(folder, noteOn(folder.journalFile));
  const { settings, claims } = await loadSettings(folder, planFile, noteOn(folder.pipelineFile));
  const trials = await inGroups(plan.trials, (trial) =>
    readTrial({ folder, trial, history: journal.trials.get(trial.id), noteOn }),
  );
  const id = info?.id || folder.id;
  return {
    id,
    info,
    task: plan.trials.find(({ task }) => task !== null)?.task ?? null,
    sources: [...new Set(plan.trials.flatMap(({ source }) => source ?? []))],
    arms: plan.arms,
    configs: plan.configs,
    trials,
    clock: journal.clock,
    sweep: planFile?.value('sweep') ?? null,
    settings,
    claims,
    problems: inOrder(problems),
  };
}

async function checkFolder({ path, planFile, infoFile }: RunFolder): Promise<void> {
  const isThere = (file: string): Promise<boolean> =>
    stat(file).then(
      () => true,
      () => false,
    );
  if (!(await isThere(path))) {
    throw new ReportError(`expected a run folder, found nothing at ${path}`, {
      code: 'REPORT_NO_RUN',
      hint: 'give the id or the folder of a run, or latest',
    });
  }
  if ((await isThere(planFile)) || (await isThere(infoFile)) || (await isThere(`${path}${sep}trials`))) return;
  throw new ReportError(`expected a run folder, found neither plan.json nor run.json nor trials/ in ${path}`, {
    code: 'REPORT_NO_RUN',
    hint: 'run folders are made by `sweep run`, under runs/',
  });
}

async function loadInfo(folder: RunFolder, note: Note): Promise<RunInfo | null> {
  const fields = await readJson(folder.infoFile, note);
  return fields === null ? null : readInfo(fields);
}

async function loadJournal(folder: RunFolder, note: Note): Promise<JournalData> {
  return readJournalText((await readText(folder.journalFile, note)) ?? '', note);
}

/** What plan.json has, resolved, goes before the pipeline's own, which may extend another file. */
async function loadSettings(folder: RunFolder, plan: Fields | null, note: Note): Promise<PipelineSettings> {
  const report = plan?.value('report');
  if (report !== undefined) {
    const settings = reportSettings(report, plan?.value('description'));
    // Plans of earlier versions do not say how published figures are rounded.
    const text = settings.reference.length === 0 ? null : await readText(folder.pipelineFile, () => undefined);
    return { settings: withDecimalsIn(text ?? '', settings), claims: claimsOf(plan?.value('expect')) };
  }
  return readPipelineSettings((await readText(folder.pipelineFile, note)) ?? '', note);
}

const NOTHING: PlannedRun = { arms: [], configs: new Map(), trials: [] };

/** Without a plan, the trials' own folders say what there was. */
async function planFromTrials(folder: RunFolder, noteOn: (file: string) => Note): Promise<PlannedRun> {
  const names = (await readdir(`${folder.path}${sep}trials`).catch(() => [])).sort();
  const trials = await inGroups(names, async (name) => {
    const { config, result } = folder.trial(name);
    const job = await readJson(config, () => undefined);
    const fields = job?.object('trial') ?? (await readJson(result, noteOn(result)));
    if (fields === null) return null;
    // result.json calls the trial's id `trial`.
    return job === null ? { ...readPlannedTrial(fields), id: fields.text('trial') } : readPlannedTrial(fields);
  });
  const found = trials.filter((trial) => trial !== null);
  const arms = [...new Set(found.map(({ arm }) => arm))].sort().map((id) => ({ id, label: id, settings: {} }));
  return { arms, configs: new Map(), trials: found };
}

/** Files are read at once, so the order in which they fail is not always the same. */
function inOrder(problems: readonly RunProblem[]): readonly RunProblem[] {
  return [...problems].sort((a, b) => (a.file < b.file ? -1 : a.file > b.file ? 1 : 0));
}
