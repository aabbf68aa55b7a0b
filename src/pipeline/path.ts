/** A place in a pipeline: keys, and indices in lists. */
export type Path = readonly (string | number)[];

/** A path as people write it: `sweep.list[0].name`. */
export function pathText(path: Path): string {
  return path.reduce<string>((text, part) => {
    if (typeof part === 'number') return `${text}[${part}]`;
    return text === '' ? part : `${text}.${part}`;
  }, '');
}
