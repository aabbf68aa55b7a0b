import type { RunInfo } from '../../run/journal-events.js';
import { SPLITS } from '../load/read-result.js';
import type { ReportDataset } from '../report-data.js';
import { escapeInline } from './escape.js';
import { countText, numberText, styleOf, timeText } from './number-text.js';
import type { Section, SectionContext } from './section.js';

type Fact = readonly [name: string, text: string];

/** What one needs to get these figures again: code, command, data, machine. */
export const provenanceSection: Section = (context) => {
  const { data, label } = context;
  const facts: readonly Fact[] = [
    [label('run'), escapeInline(data.run.id)],
    ...(data.run.info === null ? [] : infoFacts(data.run.info, context)),
    ...data.run.datasets.flatMap((dataset) => datasetFacts(dataset, context)),
  ];
  const colon = label.language === 'zh' ? '：' : ': ';
  return [`## ${label('provenance')}`, facts.map(([name, text]) => `- ${name}${colon}${text}`).join('\n')];
};

function infoFacts(info: RunInfo, { label }: SectionContext): readonly Fact[] {
  const { machine, git } = info;
  const commit =
    git === null
      ? label('commit.none')
      : label(git.dirty ? 'commit.dirty' : 'commit.clean', {
          commit: escapeInline(git.commit),
          branch: escapeInline(git.branch),
        });
  return [
    [label('started'), timeText(info.started) ?? label('unknown')],
    [label('command'), escapeInline(info.command.map(quoted).join(' '))],
    [label('jobs'), numberText(info.jobs, styleOf('parameters'))],
    [label('commit'), commit],
    [label('versions'), escapeInline(`Sweepline ${info.sweepline}, Node.js ${info.node}`)],
    [
      label('machine'),
      label('machine.text', {
        host: escapeInline(machine.host),
        cpu: escapeInline(machine.cpu),
        cores: machine.cores,
        memory: numberText(machine.memory_bytes / 1e9, styleOf('timing.')),
        platform: escapeInline(machine.platform),
      }),
    ],
  ];
}

function datasetFacts(dataset: ReportDataset, context: SectionContext): readonly Fact[] {
  const { data, label, names } = context;
  const { counts, class_counts, classes, source_digest, digest, arms } = dataset;
  const several = data.run.datasets.length > 1;
  const amounts = SPLITS.filter((split) => counts[split] !== undefined).map(
    (split) => `${label(split)} ${countText(counts[split]!)}`,
  );
  const facts: Fact[] = [
    [
      several ? label('data.of', { arms: arms.map((id) => names.of(id)).join('; ') }) : label('data'),
      label('data.text', {
        counts: amounts.join(label.comma),
        source: escapeInline(source_digest),
        digest: escapeInline(digest),
      }),
    ],
  ];
  if (class_counts !== null) {
    const pairs = class_counts.map((count, i) => `${escapeInline(classes[i] ?? String(i))} ${countText(count)}`);
    facts.push([label('class-counts'), pairs.join(label.comma)]);
  }
  return facts;
}

/** As a shell reads it. */
function quoted(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}
