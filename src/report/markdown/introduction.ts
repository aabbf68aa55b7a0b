import { SPLITS } from '../load/read-result.js';
import type { ReportDataset, ReportRun } from '../report-data.js';
import { engineName } from './engine-name.js';
import { authored, escapeInline } from './escape.js';
import { countText, durationText, timeText } from './number-text.js';
import type { Section, SectionContext } from './section.js';

/** The title, what ran in one paragraph, and the author's notes. */
export const introduction: Section = (context) => {
  const { run, report } = context.data;
  return [
    `# ${escapeInline(run.title)}`,
    ...(run.description === null ? [] : [authored(run.description)]),
    sentences(context).join(context.label.language === 'zh' ? '' : ' '),
    ...report.notes.map(authored),
  ];
};

function sentences(context: SectionContext): readonly string[] {
  const { data, label } = context;
  return [whatRan(context), whatData(context), engines(context), when(context), whetherItEnded(data.run)].flatMap(
    (sentence) => sentence ?? [],
  );

  function whetherItEnded({ clock, trials }: ReportRun): string | null {
    if (clock.ended === 'interrupted') return label('ran.interrupted');
    if (clock.executions > 0 && clock.ended === null) return label('ran.unfinished');
    return trials.total > 0 && trials.complete === undefined ? label('ran.none-complete') : null;
  }
}

function whatRan({ data: { run, arms }, label }: SectionContext): string {
  const { total, ...byState } = run.trials;
  if (total === 0) return label('ran.nothing');
  const states = Object.entries(byState)
    .map(([state, count]) => `${count} ${label.named(state)}`)
    .join(label.comma);
  const even = total === arms.length * run.seeds.length;
  return even
    ? label('ran', { arms: arms.length, seeds: run.seeds.length, trials: total, states })
    : label('ran.uneven', { arms: arms.length, trials: total, states });
}

function whatData({ data: { run }, label }: SectionContext): string | null {
  const dataset = run.datasets[0];
  if (dataset === undefined && run.sources.length === 0) return null;
  const source = run.sources.map((name) => sourceText(name, label.language)).join(label.comma) || label('unknown');
  const facts = dataset === undefined ? [] : factsOf(dataset);
  return label('ran.data', {
    source,
    facts: facts.map((fact) => `${label.language === 'zh' ? '，' : ', '}${fact}`).join(''),
  });

  function factsOf({ counts, vocabulary, classes }: ReportDataset): readonly string[] {
    const amount = run.task === 'language-model' ? 'ran.tokens' : 'ran.examples';
    const known = SPLITS.filter((split) => counts[split] !== undefined);
    return [
      ...known.map((split) => label(amount, { count: countText(counts[split]!), split: label(split) })),
      ...(Number.isFinite(vocabulary) ? [label('ran.vocabulary', { count: countText(vocabulary) })] : []),
      ...(classes.length === 0
        ? []
        : [label('ran.classes', { classes: classes.slice(0, 20).map(escapeInline).join(label.comma) })]),
    ];
  }
}

/** An address ends at a space, which Chinese has none of: there it is fenced. */
function sourceText(name: string, language: string): string {
  return language === 'zh' && /^https?:\/\/[^\s<>]+$/.test(name) ? `<${name}>` : escapeInline(name);
}

function engines({ data: { run }, label }: SectionContext): string | null {
  if (run.engines.length === 0) return null;
  return label('ran.engine', { engines: run.engines.map((engine) => engineName(engine, label)).join('; ') });
}

function when({ data: { run }, label }: SectionContext): string | null {
  const time = run.info === null ? null : timeText(run.info.started);
  if (time === null) return null;
  const { seconds } = run.clock;
  return seconds === null
    ? label('ran.when', { time })
    : label('ran.lasted', { time, duration: durationText(seconds) });
}
