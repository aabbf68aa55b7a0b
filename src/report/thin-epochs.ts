/** More epochs than about this many of an arm are thinned in its report; all are in the trials' result.json. */
export const MOST_EPOCHS = 100;

/**
 * Of ascending epochs the first, the last and those between that are multiples of a round number (1, 2, 5, 10, 20, 25,
 * 50, 100, …), the smallest that leaves at most `most`; all where no more than that are there. Thinning what was thinned
 * to as many, or to more, changes nothing.
 */
export function thinned(epochs: readonly number[], most: number): readonly number[] {
  if (epochs.length <= most + 2) return epochs;
  for (let power = 1; ; power *= 10) {
    for (const factor of [1, 2, 2.5, 5]) {
      const step = factor * power;
      const kept = epochs.filter((epoch) => epoch % step === 0);
      if (Number.isInteger(step) && kept.length <= most) return ascending([epochs[0]!, ...kept, epochs.at(-1)!]);
    }
  }
}

/** Thinned epochs, and beside them those that were evaluated, thinned apart: evaluation may keep a step of its own. */
export function thinnedWithEvaluated(
  epochs: readonly number[],
  { evaluated, most }: { readonly evaluated: readonly number[]; readonly most: number },
): readonly number[] {
  return ascending([...thinned(epochs, most), ...thinned(evaluated, most)]);
}

function ascending(epochs: readonly number[]): readonly number[] {
  return [...new Set(epochs)].sort((a, b) => a - b);
}
