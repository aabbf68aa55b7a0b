import type { Pipeline } from '../pipeline/pipeline-types.js';
import { getSetting, type SectionWriter, sectionWriter } from '../pipeline/settings.js';
import type { Setting } from './point.js';
import {
  resolveData,
  resolveEngine,
  resolveGenerate,
  resolveLoss,
  resolveMetrics,
  resolveModel,
  resolveOptimizer,
  resolveTask,
  resolveTrain,
} from './resolve.js';
import { type SectionProblem, sectionProblems } from './section-problems.js';
import type { Task, TrialConfig } from './trial-config.js';

/** A pipeline with some settings in place. */
export interface Configured {
  /** What is written at a path, without defaults; undefined where nothing is. */
  written(keys: readonly string[]): unknown;
  readonly config: TrialConfig;
  /** What is wrong with the sections that the settings changed. */
  readonly problems: readonly SectionProblem[];
}

export interface Configurator {
  /** Puts settings in place, in order, each one valid for its key. */
  configure(settings: readonly Setting[]): Configured;
}

type SectionName = keyof TrialConfig;

/**
 * Configures the points of a sweep. They share most of what they are made of, so each section is written, resolved and
 * checked once for each different sequence of its settings, and the configurations share the result.
 */
export function createConfigurator(pipeline: Pipeline): Configurator {
  const roots = Object.fromEntries(
    SECTIONS.map((name) => [name, sectionNode(name, pipeline[name])]),
  ) as unknown as SectionNodes;
  const keys = new Map<string, SweptKey>();
  const keyOf = (path: string): SweptKey => {
    let key = keys.get(path);
    if (key === undefined) {
      const names = path.split('.');
      key = { section: names[0] as SectionName, write: sectionWriter(names) };
      keys.set(path, key);
    }
    return key;
  };
  return {
    configure(settings) {
      const at = { ...roots };
      for (const setting of settings) {
        const { section, write } = keyOf(setting.path);
        at[section] = nextNode(at[section], setting, write);
      }
      return new ConfiguredSections(at, roots);
    },
  };
}

const SECTIONS: readonly SectionName[] = [
  'task',
  'data',
  'model',
  'loss',
  'optimizer',
  'train',
  'metrics',
  'generate',
  'engine',
];

/** A key that the sweep sets: its section, and how that becomes another with it. */
interface SweptKey {
  readonly section: SectionName;
  readonly write: SectionWriter;
}

/** A top-level section with some settings in place. */
interface SectionNode {
  readonly name: SectionName;
  readonly written: unknown;
  /** Whether other arms may have the same. */
  readonly shared: boolean;
  /** What the section becomes with one more setting. */
  next: Map<Setting, SectionNode> | null;
  /** Resolved, once it has been asked for, and what of another section that depends on. */
  value: unknown;
  dependingOn: string | null;
  /** What is wrong with it, once it has been asked for. */
  problems: readonly SectionProblem[] | null;
}

type SectionNodes = { [name in SectionName]: SectionNode };

function sectionNode(name: SectionName, written: unknown, shared = true): SectionNode {
  return { name, written, shared, next: null, value: undefined, dependingOn: null, problems: null };
}

function nextNode(node: SectionNode, setting: Setting, write: SectionWriter): SectionNode {
  const known = node.next?.get(setting);
  if (known !== undefined) return known;
  const shared = node.shared && setting.single === undefined;
  const next = sectionNode(node.name, write(node.written, setting.value), shared);
  if (shared) {
    node.next ??= new Map();
    node.next.set(setting, next);
  }
  return next;
}

/** A class, since closures for a hundred thousand points would cost. */
class ConfiguredSections implements Configured {
  readonly config: TrialConfig;
  readonly #at: SectionNodes;
  readonly #roots: SectionNodes;

  constructor(at: SectionNodes, roots: SectionNodes) {
    this.#at = at;
    this.#roots = roots;
    this.config = configOf(at);
  }

  written([name, ...within]: readonly string[]): unknown {
    return getSetting({ [name!]: this.#at[name as SectionName]?.written }, [name!, ...within]);
  }

  get problems(): readonly SectionProblem[] {
    let all = NO_PROBLEMS;
    for (const name of SECTIONS) {
      const node = this.#at[name];
      if (node === this.#roots[name]) continue;
      node.problems ??= sectionProblems(name, node.written);
      if (node.problems.length > 0) all = [...all, ...node.problems];
    }
    return all;
  }
}

const NO_PROBLEMS: readonly SectionProblem[] = [];

function configOf(at: SectionNodes): TrialConfig {
  const task = resolveTask(at.task.written as Pipeline['task']);
  const data = resolved<'data'>(at.data, task);
  return {
    task,
    data,
    model: resolved<'model'>(at.model),
    loss: resolved<'loss'>(at.loss),
    optimizer: resolved<'optimizer'>(at.optimizer),
    train: resolved<'train'>(at.train, data.sequence.partition),
    metrics: resolved<'metrics'>(at.metrics, task),
    generate: resolved<'generate'>(at.generate),
    engine: resolved<'engine'>(at.engine),
  };
}

type Partition = TrialConfig['data']['sequence']['partition'];

/** How each section is resolved, given what of another section it depends on. */
const RESOLVERS: { readonly [name in SectionName]: (written: never, dependingOn: string) => unknown } = {
  task: resolveTask,
  data: (written: Pipeline['data'], task) => resolveData(written, task as Task),
  model: resolveModel,
  loss: resolveLoss,
  optimizer: resolveOptimizer,
  train: (written: Pipeline['train'], partition) => resolveTrain(written, partition as Partition),
  metrics: (written: Pipeline['metrics'], task) => resolveMetrics(written, task as Task),
  generate: resolveGenerate,
  engine: resolveEngine,
};

function resolved<Name extends SectionName>(node: SectionNode, dependingOn = ''): TrialConfig[Name] {
  if (node.dependingOn !== dependingOn) {
    node.value = RESOLVERS[node.name](node.written as never, dependingOn);
    node.dependingOn = dependingOn;
  }
  return node.value as TrialConfig[Name];
}
