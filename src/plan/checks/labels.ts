import type { DataConfig } from '../trial-config.js';

/** How many labels the pipeline itself tells, or null when only the data does. */
export function labelCount({ labels, train }: DataConfig): number | null {
  if (Array.isArray(labels)) return labels.length;
  if (labels !== null) return new Set(Object.values(labels)).size;
  return train !== null && typeof train === 'object' ? Object.keys(train).length : null;
}
