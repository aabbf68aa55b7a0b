import { checkText } from '../claim-text.js';
import { labelsOf } from '../labels.js';
import { armNames } from '../markdown/arm-names.js';
import type { ReportData } from '../report-data.js';

interface Case {
  readonly suite: string;
  readonly name: string;
  /** Why it fails; null when it does not. */
  readonly failure: string | null;
  readonly skipped: boolean;
}

/** Claims and trials as JUnit XML: a claim that fails is a failure, a trial that is not complete an error's reason. */
export function renderJunit(data: ReportData): string {
  const label = labelsOf('en');
  const names = armNames(data.arms);
  const claims = data.claims.map((outcome): Case => {
    const failing = outcome.checks.filter(({ holds }) => !holds);
    const failure = outcome.holds
      ? null
      : failing.map((check) => checkText(outcome, check, { label, names })).join('\n');
    return { suite: 'claims', name: outcome.claim, failure, skipped: false };
  });
  const failures = new Map(data.failures.map((failure) => [failure.trial, failure]));
  const trials = data.arms
    .filter(({ same_as }) => same_as === null)
    .flatMap((arm) =>
      arm.trials.map(({ id, state }): Case => {
        const failed = failures.get(id);
        const waiting = state === 'pending' || state === 'skipped' || state === 'cancelled';
        const failure =
          failed === undefined || waiting ? null : `${state}${failed.message === null ? '' : `: ${failed.message}`}`;
        return { suite: 'trials', name: `${id} (${names.plain(arm.id)})`, failure, skipped: waiting };
      }),
    );
  const suites = [suiteXml('claims', claims, data), suiteXml('trials', trials, data)].filter((xml) => xml !== '');
  return `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites name="${escapeXml(data.run.name)}">\n${suites.join('\n')}\n</testsuites>`;
}

function suiteXml(name: string, cases: readonly Case[], { run }: ReportData): string {
  if (cases.length === 0) return '';
  const failures = cases.filter(({ failure }) => failure !== null).length;
  const skipped = cases.filter((test) => test.skipped).length;
  const time = run.info === null ? '' : ` timestamp="${escapeXml(run.info.started.replace(/\.\d+Z$|Z$/, ''))}"`;
  const head = `  <testsuite name="${escapeXml(`${run.name}.${name}`)}" tests="${cases.length}" failures="${failures}" errors="0" skipped="${skipped}"${time}>`;
  return [head, ...cases.map((test) => caseXml(test, run.name)), '  </testsuite>'].join('\n');
}

function caseXml({ suite, name, failure, skipped }: Case, run: string): string {
  const head = `    <testcase classname="${escapeXml(`${run}.${suite}`)}" name="${escapeXml(name)}"`;
  if (skipped) return `${head}><skipped/></testcase>`;
  if (failure === null) return `${head}/>`;
  const first = failure.split('\n')[0] ?? '';
  return `${head}><failure message="${escapeXml(first)}">${escapeXml(failure)}</failure></testcase>`;
}

function escapeXml(text: string): string {
  return (
    text
      // XML 1.0 has no place for these, escaped or not.
      .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, '\ufffd')
      .replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`)
      .replace(/[\r\n\t]/g, (character) => `&#${character.charCodeAt(0)};`)
  );
}
