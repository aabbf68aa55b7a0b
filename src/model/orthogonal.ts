/**
 * A random [rows, columns] matrix with orthonormal rows or columns, whichever are fewer: the Q of a normal matrix, with
 * the signs of R's diagonal made positive, as torch.nn.init.orthogonal_ (Saxe et al., arXiv:1312.6120). Row-major.
 */
export function orthogonal(rows: number, columns: number, normal: () => number): Float64Array {
  const count = Math.min(rows, columns);
  const length = Math.max(rows, columns);
  const vectors = Array.from({ length: count }, () => Float64Array.from({ length }, normal));
  orthonormalise(vectors);
  if (rows <= columns) return concatenate(vectors, length);
  const values = new Float64Array(rows * columns);
  vectors.forEach((vector, column) => {
    for (let row = 0; row < rows; row++) values[row * columns + column] = vector[row]!;
  });
  return values;
}

/** Gram and Schmidt's method, which makes R's diagonal positive by itself; done twice, it is as exact as Householder's. */
function orthonormalise(vectors: readonly Float64Array[]): void {
  vectors.forEach((vector, n) => {
    for (let pass = 0; pass < 2; pass++) {
      for (let earlier = 0; earlier < n; earlier++) subtractProjection(vector, vectors[earlier]!);
    }
    const norm = Math.sqrt(dot(vector, vector));
    for (let k = 0; k < vector.length; k++) vector[k]! /= norm;
  });
}

function subtractProjection(vector: Float64Array, unit: Float64Array): void {
  const share = dot(vector, unit);
  for (let k = 0; k < vector.length; k++) vector[k]! -= share * unit[k]!;
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let k = 0; k < a.length; k++) sum += a[k]! * b[k]!;
  return sum;
}

function concatenate(vectors: readonly Float64Array[], length: number): Float64Array {
  const values = new Float64Array(vectors.length * length);
  vectors.forEach((vector, n) => {
    values.set(vector, n * length);
  });
  return values;
}
