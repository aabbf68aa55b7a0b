/** A small valid pipeline; `sections` replace whole top-level sections (`null` removes one). */
export function validPipeline(sections: { readonly [section: string]: string | null } = {}): string {
  const all: { [section: string]: string | null } = { ...SECTIONS, ...sections };
  return Object.values(all)
    .filter((text) => text !== null)
    .join('\n')
    .concat('\n');
}

const SECTIONS: { readonly [section: string]: string } = {
  name: 'name: reviews',
  data: `data:
  source: { file: reviews.csv }
  format: csv
  split: { train: 0.8, test: 0.2 }`,
  model: `model:
  embedding: { dim: 8 }
  cell: lstm
  hidden: 16`,
};
