import { labelsOf } from '../labels.js';
import type { SectionName } from '../load/report-settings.js';
import type { ReportData } from '../report-data.js';
import { armNames } from './arm-names.js';
import { classSection } from './class-section.js';
import { comparisonSection } from './comparison-section.js';
import { epochSection } from './epoch-section.js';
import { failureSection } from './failure-section.js';
import { generatedSection } from './generated-section.js';
import { introduction } from './introduction.js';
import { modelSection } from './model-section.js';
import { provenanceSection } from './provenance-section.js';
import { resultSection } from './result-section.js';
import type { Section } from './section.js';
import { timingSection } from './timing-section.js';
import { problemSection, warningSection } from './warning-section.js';

const SECTIONS: readonly (readonly [SectionName | 'always', Section])[] = [
  ['always', introduction],
  ['results', resultSection],
  ['statistics', comparisonSection],
  ['epochs', epochSection],
  ['classes', classSection],
  ['generated', generatedSection],
  ['model', modelSection],
  ['timing', timingSection],
  ['always', failureSection],
  ['always', warningSection],
  ['always', problemSection],
  ['provenance', provenanceSection],
];

/** A report as Markdown, without a line break at its end. The same data gives the same bytes. */
export function renderMarkdown(data: ReportData): string {
  const { sections, language } = data.report;
  const context = { data, label: labelsOf(language), names: armNames(data.arms) };
  return SECTIONS.filter(([name]) => name === 'always' || sections[name])
    .flatMap(([, section]) => section(context))
    .join('\n\n');
}
