import type { compile } from 'vega-lite';
import type { Figure } from './figure.js';
import { CONFIG } from './style.js';

export interface Drawing {
  readonly name: string;
  readonly svg: string;
}

/** Draws figures as SVG, without a browser or the network: the same figures give the same bytes. */
export async function drawFigures(figures: readonly Figure[]): Promise<readonly Drawing[]> {
  if (figures.length === 0) return [];
  // Half a second to load, which a report without figures should not take.
  const [vega, vegaLite] = await Promise.all([import('vega'), import('vega-lite')]);
  // Widths are estimated, so that an installed canvas changes nothing.
  (vega as unknown as TextMetrics).textMetrics.canvas(false);
  const drawings: Drawing[] = [];
  for (const { name, spec, title } of figures) {
    // Ids of clips and gradients count on from the figure before.
    vega.resetSVGDefIds();
    const whole = { ...speakable(spec), config: CONFIG, description: title } as unknown as Parameters<
      typeof vegaLite.compile
    >[0];
    const view = new vega.View(vega.parse(vegaLite.compile(whole, { logger: SILENT }).spec), {
      renderer: 'none',
      logLevel: vega.None,
    });
    drawings.push({ name, svg: await view.toSVG() });
    view.finalize();
  }
  return drawings;
}

/** A specification without the line breaks in names that Vega's expressions, unlike JSON, refuse in a text. */
function speakable<Part>(part: Part): Part {
  if (typeof part === 'string') return part.replaceAll(/[\u2028\u2029]/g, ' ') as Part;
  if (Array.isArray(part)) return part.map(speakable) as Part;
  if (part === null || typeof part !== 'object') return part;
  return Object.fromEntries(Object.entries(part).map(([key, value]) => [key, speakable(value)])) as Part;
}

/** What vega-lite has to say is for those who write specifications. */
const SILENT = {
  level: () => SILENT,
  error: () => SILENT,
  warn: () => SILENT,
  info: () => SILENT,
  debug: () => SILENT,
} as unknown as NonNullable<Parameters<typeof compile>[1]>['logger'] & object;

/** Exported by vega, and missing in its types. */
interface TextMetrics {
  readonly textMetrics: { canvas(use: boolean): void };
}
