import { groupBy } from '../group.js';
import { fenced } from './escape.js';
import { countText } from './number-text.js';
import type { Section } from './section.js';

/** The modules as PyTorch prints them; arms that share one are named together. */
export const modelSection: Section = ({ data, label, names }) => {
  const arms = data.arms.filter(({ model }) => model !== null);
  if (arms.length === 0) return [];
  const groups = [...groupBy(arms, ({ model, vector_coverage }) => JSON.stringify([model, vector_coverage])).values()];
  return [
    `## ${label('model')}`,
    ...groups.flatMap((sharing) => {
      const { model, vector_coverage } = sharing[0]!;
      const { text, parameters, trainable_parameters } = model!;
      return [
        ...(groups.length > 1 ? [`### ${sharing.map(({ id }) => names.of(id)).join('; ')}`] : []),
        fenced(text),
        parameters === trainable_parameters
          ? label('model.parameters', { parameters: countText(parameters) })
          : label('model.trainable', { parameters: countText(parameters), trainable: countText(trainable_parameters) }),
        ...(vector_coverage === undefined
          ? []
          : [label('model.coverage', { percent: (100 * vector_coverage).toFixed(1) })]),
      ];
    }),
  ];
};
