import { labelsOf } from '../labels.js';
import type { SectionName, Template } from '../load/report-settings.js';
import type { ReportData } from '../report-data.js';
import { ablationSection } from './ablation-section.js';
import { armNames } from './arm-names.js';
import { blockSection } from './block-section.js';
import { claimSection } from './claim-section.js';
import { classSection } from './class-section.js';
import { comparisonSection } from './comparison-section.js';
import { epochSection } from './epoch-section.js';
import { failureSection } from './failure-section.js';
import { figureSection } from './figure-section.js';
import { generatedSection } from './generated-section.js';
import { introduction } from './introduction.js';
import { logSection } from './log-section.js';
import { modelSection } from './model-section.js';
import { pivotSection } from './pivot-section.js';
import { provenanceSection } from './provenance-section.js';
import { resultSection } from './result-section.js';
import type { Section } from './section.js';
import { timingSection } from './timing-section.js';
import { problemSection, warningSection } from './warning-section.js';

type Placed = readonly [SectionName | 'always', Section];

const ENDING: readonly Placed[] = [
  ['model', modelSection],
  ['timing', timingSection],
  ['always', failureSection],
  ['always', warningSection],
  ['always', problemSection],
  ['provenance', provenanceSection],
];

const LAYOUTS: { readonly [template in Template]: readonly Placed[] } = {
  comparison: [
    ['always', introduction],
    ['always', claimSection],
    ['results', resultSection],
    ['always', pivotSection],
    ['figures', figureSection],
    ['statistics', ablationSection],
    ['statistics', comparisonSection],
    ['epochs', epochSection],
    ['classes', classSection],
    ['generated', generatedSection],
    ...ENDING,
  ],
  epochs: [
    ['always', introduction],
    ['epochs', logSection],
    ['always', claimSection],
    ['results', resultSection],
    ['always', pivotSection],
    ['figures', figureSection],
    ['statistics', ablationSection],
    ['statistics', comparisonSection],
    ['classes', classSection],
    ['generated', generatedSection],
    ...ENDING,
  ],
  blocks: [
    ['always', introduction],
    ['always', blockSection],
    ['always', claimSection],
    ['results', resultSection],
    ['always', pivotSection],
    ['figures', figureSection],
    ['statistics', ablationSection],
    ['statistics', comparisonSection],
    ['epochs', epochSection],
    ['classes', classSection],
    ...ENDING,
  ],
};

export interface MarkdownOptions {
  /** The folder of the figures, as seen from the report. */
  readonly figuresFolder?: string;
}

/** A report as Markdown, without a line break at its end. The same data gives the same bytes. */
export function renderMarkdown(data: ReportData, { figuresFolder = 'figures' }: MarkdownOptions = {}): string {
  const { sections, language, template } = data.report;
  const context = { data, label: labelsOf(language), names: armNames(data.arms), figuresFolder };
  return LAYOUTS[template]
    .filter(([name]) => name === 'always' || sections[name])
    .flatMap(([, section]) => section(context))
    .join('\n\n');
}
