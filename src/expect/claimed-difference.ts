import type { ComparisonClaim } from './claim.js';

interface ClaimedDifference extends Pick<ComparisonClaim, 'operator' | 'within'> {
  /** The size of the figures. */
  readonly scale: number;
}

/**
 * Whether a difference, of the left side − the right one, is what a claim says that it is. Means are sums of rounded
 * numbers: what differs in the last bits alone is equal.
 */
export function isAsClaimed(difference: number, { operator, within, scale }: ClaimedDifference): boolean {
  const grain = scale * 1e-12;
  switch (operator) {
    case '>':
      return difference > grain;
    case '<':
      return difference < -grain;
    case '>=':
      return difference >= -grain;
    case '<=':
      return difference <= grain;
    case '≈':
      return Math.abs(difference) <= (within ?? 0) + grain;
  }
}
