/** Says which name was perhaps meant and, when the list is short, which names there are. */
export function suggestName(name: string, candidates: readonly string[]): string | undefined {
  const nearest = nearestName(name, candidates);
  if (nearest !== null) return `Did you mean "${nearest}"?`;
  if (candidates.length === 0) return undefined;
  const shown = candidates.slice(0, LIST_LIMIT).map((candidate) => `"${candidate}"`);
  const rest = candidates.length - shown.length;
  return `There is ${shown.join(', ')}${rest > 0 ? ` and ${rest} more` : ''}.`;
}

const LIST_LIMIT = 8;

/** The candidate that looks most like `name`, or null when none comes close (more than half of the letters differ). */
function nearestName(name: string, candidates: Iterable<string>): string | null {
  let best: string | null = null;
  let bestDistance = Math.floor(name.length / 2) + 1;
  for (const candidate of candidates) {
    if (Math.abs(candidate.length - name.length) >= bestDistance) continue;
    const distance = editDistance(name.toLowerCase(), candidate.toLowerCase());
    if (distance < bestDistance) {
      best = candidate;
      bestDistance = distance;
    }
  }
  return best;
}

/** Levenshtein's distance, by rows. */
function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const replaced = row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1);
      next[j] = Math.min(replaced, row[j]! + 1, next[j - 1]! + 1);
    }
    row = next;
  }
  return row[b.length]!;
}
