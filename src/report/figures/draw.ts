import type { compile } from 'vega-lite';
import { visible } from '../markdown/escape.js';
import type { Figure } from './figure.js';
import { CONFIG, INK } from './style.js';

export interface Drawing {
  readonly name: string;
  readonly svg: string;
}

/**
 * Draws figures as SVG, without a browser or the network: the same figures give the same bytes. One that cannot be drawn
 * says so in its place: no other figure, and no report, is lost for it.
 */
export async function drawFigures(figures: readonly Figure[]): Promise<readonly Drawing[]> {
  if (figures.length === 0) return [];
  // Half a second to load, which a report without figures should not take.
  const [vega, vegaLite] = await Promise.all([import('vega'), import('vega-lite')]);
  // Widths are estimated, so that an installed canvas changes nothing.
  (vega as unknown as TextMetrics).textMetrics.canvas(false);
  const draw = async ({ spec, title }: Figure): Promise<string> => {
    // Ids of clips and gradients count on from the figure before.
    vega.resetSVGDefIds();
    const whole = { ...speakable(spec), config: CONFIG, description: speakable(title) } as unknown as Parameters<
      typeof vegaLite.compile
    >[0];
    const view = new vega.View(vega.parse(vegaLite.compile(whole, { logger: SILENT }).spec), {
      renderer: 'none',
      logLevel: vega.None,
    });
    const svg = await view.toSVG();
    view.finalize();
    return svg.replaceAll(MARK, '');
  };
  const drawings: Drawing[] = [];
  for (const figure of figures) {
    drawings.push({ name: figure.name, svg: await draw(figure).catch((error) => notDrawn(figure, error)) });
  }
  return drawings;
}

/**
 * A specification without what Vega's expressions or XML cannot hold in a text: line breaks of Unicode, control
 * characters, and names of Object's own methods, which are marked until they are drawn.
 */
function speakable<Part>(part: Part): Part {
  if (typeof part === 'string') {
    return visible(part.replaceAll(/[\u2028\u2029]/g, ' ')).replaceAll(RESERVED, `${MARK}$&`) as Part;
  }
  if (Array.isArray(part)) return part.map(speakable) as Part;
  if (part === null || typeof part !== 'object') return part;
  return Object.fromEntries(Object.entries(part).map(([key, value]) => [key, speakable(value)])) as Part;
}

/** No character, so that it stands in no name. */
const MARK = '\ufdd0';

/** Texts, whole or in the quotes of an expression, that Vega's parser takes for identifiers: `constructor` and the like. */
const RESERVED = new RegExp(`(?<=^|")(?:${Object.getOwnPropertyNames(Object.prototype).join('|')})(?=$|")`, 'g');

/** What stands where a figure would. */
function notDrawn({ name }: Figure, error: unknown): string {
  const why = visible(String(error instanceof Error ? error.message : error)).replace(/\s+/g, ' ');
  const text = `The figure ${name} could not be drawn: ${why}`.replace(/[&<>]/g, (c) => `&#${c.charCodeAt(0)};`);
  return `<svg xmlns="http://www.w3.org/2000/svg" width="640" height="40" viewBox="0 0 640 40"><text x="8" y="24" font-family="sans-serif" font-size="12" fill="${INK}">${text}</text></svg>`;
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
