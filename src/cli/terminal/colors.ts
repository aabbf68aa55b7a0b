import { Chalk, type ChalkInstance } from 'chalk';

/** The colours of a stream: none where it is no terminal, or where NO_COLOR is set (chalk by itself does not ask for it). */
export function colors(stream: { readonly isTTY?: boolean }): ChalkInstance {
  return new Chalk({ level: wantsColors(stream) ? 1 : 0 });
}

/** Whether a stream is a terminal that may be written to in colours. */
export function wantsColors({ isTTY }: { readonly isTTY?: boolean }): boolean {
  return isTTY === true && (process.env.NO_COLOR ?? '') === '';
}
