import { nearest } from './nearest.js';
import { type Path, pathText } from './path.js';
import { alternatives, knownKeys, pipelineSchema, type Schema } from './schema.js';

/** Names that people bring from PyTorch and other tools, and what they are called here. */
const FOREIGN_NAMES: { readonly [name: string]: string } = {
  hidden_size: 'hidden',
  num_hiddens: 'hidden',
  units: 'hidden',
  num_layers: 'layers',
  embedding_dim: 'dim',
  embed_size: 'dim',
  proj_size: 'projection',
  learning_rate: 'lr',
  num_epochs: 'epochs',
  batchsize: 'batch_size',
  num_steps: 'length',
  max_length: 'length',
  vocab: 'vocabulary',
  vocab_size: 'size',
  min_freq: 'min_count',
  criterion: 'loss',
  optim: 'optimizer',
  optimiser: 'optimizer',
  lr_scheduler: 'schedule',
  scheduler: 'schedule',
  tokenizer: 'tokens',
  label_smoothing: 'smoothing',
  rnn_type: 'cell',
  dataset: 'data',
  training: 'train',
  valid: 'validation',
  val: 'validation',
  h0: 'initial_state',
  mem: 'memory',
  cpus_per_task: 'cpus',
  'cpus-per-task': 'cpus',
  gres: 'gpus',
  time_limit: 'time',
  modules: 'setup',
};

/** A hint for an unknown key at `parent`, among `siblings`: the nearest sibling, where the key belongs, or all siblings. */
export function unknownKeyHint(key: string, parent: Path, siblings: readonly string[]): string {
  const meant = nearestKey(key, siblings);
  if (meant !== null) return `Did you mean \`${meant}\`?`;
  const home = homeOf(Object.hasOwn(FOREIGN_NAMES, key) ? FOREIGN_NAMES[key]! : key, pathText([...parent, key]));
  if (home !== null) return home;
  if (key.includes('.') && allPaths().includes(pathText([...parent, key]))) {
    return `Dots stand for levels only in sweeps and \`--set\`: write \`${key.split('.').join(': { ')}: …${' }'.repeat(key.split('.').length - 1)}\`.`;
  }
  return `Known keys here: ${siblings.join(', ')}.`;
}

/** The sibling that `key` probably means, or null. */
export function nearestKey(key: string, siblings: readonly string[]): string | null {
  const foreign = Object.hasOwn(FOREIGN_NAMES, key) ? FOREIGN_NAMES[key]! : key;
  return siblings.includes(foreign) ? foreign : nearest(key, siblings);
}

/** A hint for a setting path that names no key: the nearest path. */
export function unknownPathHint(path: string): string | null {
  const paths = allPaths();
  const keys = path.split('.');
  const last = keys.at(-1)!;
  const parent = keys.slice(0, -1);
  const siblings = knownKeys(pipelineSchema, parent);
  const sibling = nearestKey(last, siblings);
  if (sibling !== null) return `Did you mean \`${[...parent, sibling].join('.')}\`?`;
  const near = nearest(path, paths);
  // Near only for what it stands in.
  if (near?.startsWith(`${parent.join('.')}.`)) return `Known keys here: ${siblings.join(', ')}.`;
  if (near !== null) return `Did you mean \`${near}\`?`;
  const homes = homesOf(Object.hasOwn(FOREIGN_NAMES, last) ? FOREIGN_NAMES[last]! : last, path);
  return homes.length > 0 ? `Did you mean ${homes.map((home) => `\`${home}\``).join(' or ')}?` : null;
}

function homeOf(key: string, where: string): string | null {
  const homes = homesOf(key, where);
  if (homes.length === 0) return null;
  return `${homes.length === 1 ? 'It belongs at' : 'Did you mean'} ${homes.map((home) => `\`${home}\``).join(' or ')}${homes.length === 1 ? '.' : '?'}`;
}

/** The first few paths that end in `key`, without the one at which it stands: what is wrong there is something else. */
function homesOf(key: string, where: string): readonly string[] {
  return allPaths()
    .filter((path) => (path === key || path.endsWith(`.${key}`)) && path !== where)
    .slice(0, 3);
}

let paths: readonly string[] | undefined;

/** Every key of the schema with dots, outermost first; the inside of sweeps is left out, since it repeats itself. */
function allPaths(): readonly string[] {
  paths ??= below(pipelineSchema, '', 6).sort((a, b) => a.split('.').length - b.split('.').length);
  return paths;
}

function below(schema: Schema, prefix: string, depth: number): string[] {
  if (depth === 0 || prefix === 'sweep.union.') return [];
  const found = new Set<string>();
  for (const branch of alternatives(schema)) {
    for (const [key, child] of Object.entries(branch.properties ?? {})) {
      found.add(prefix + key);
      for (const path of below(child, `${prefix}${key}.`, depth - 1)) found.add(path);
    }
  }
  return [...found];
}
