import { armIntervals } from './arm-intervals.js';
import { confusionMatrices } from './confusion.js';
import { factorEffects } from './factor-effects.js';
import type { Figure, FigureContext } from './figure.js';
import { heatMaps } from './heat-maps.js';
import { learningCurves } from './learning-curves.js';
import { parallelCoordinates } from './parallel.js';
import { pareto } from './pareto.js';
import { waterfall } from './waterfall.js';

/** The figures that a report has, in order; none where its figures are switched off. Pure: nothing is drawn. */
export function listFigures(context: FigureContext): readonly Figure[] {
  if (!context.data.report.sections.figures) return [];
  return [
    armIntervals(context),
    waterfall(context),
    factorEffects(context),
    learningCurves(context),
    ...heatMaps(context),
    parallelCoordinates(context),
    confusionMatrices(context),
    pareto(context),
  ].filter((figure) => figure !== null);
}
