import type { Pipeline } from '../pipeline/pipeline-types.js';
import { getSetting, setSetting } from '../pipeline/settings.js';
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
import type { TrialConfig } from './trial-config.js';

/** A pipeline with some settings in place. */
export interface Configured {
  /** What is written at a path, without defaults; undefined where nothing is. */
  written(keys: readonly string[]): unknown;
  readonly config: TrialConfig;
  /** The sections that the settings changed; equal settings give the same object. */
  readonly changed: readonly Section[];
}

/** A top-level section with some settings in place. */
export interface Section {
  readonly name: SectionName;
  readonly written: unknown;
  /** Whether other arms may have the same. */
  readonly shared: boolean;
}

export interface Configurator {
  /** Puts settings in place, in order, each one valid for its key. */
  configure(settings: readonly Setting[]): Configured;
}

type SectionName = keyof TrialConfig;

/**
 * Configures the points of a sweep. They share most of what they are made of, so each section is written and resolved
 * once for each different sequence of its settings, and the configurations share the result.
 */
export function createConfigurator(pipeline: Pipeline): Configurator {
  const roots = Object.fromEntries(SECTIONS.map((name) => [name, sectionNode(name, pipeline[name])])) as {
    readonly [name in SectionName]: SectionNode;
  };
  const sectionOf = new Map<string, SectionName>();
  return {
    configure(settings) {
      const at = { ...roots };
      for (const setting of settings) {
        let name = sectionOf.get(setting.path);
        if (name === undefined) {
          name = setting.path.split('.')[0] as SectionName;
          sectionOf.set(setting.path, name);
        }
        at[name] = nextNode(at[name], setting);
      }
      const changed = SECTIONS.flatMap((name) => (at[name] === roots[name] ? [] : [at[name]]));
      return {
        written: (keys) => getSetting({ [keys[0]!]: at[keys[0] as SectionName]?.written }, keys),
        config: configOf(at),
        changed,
      };
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

interface SectionNode extends Section {
  /** What the section becomes with one more setting. */
  next: Map<Setting, SectionNode> | null;
  /** Resolved, and what of another section that depends on. */
  resolved: { readonly dependingOn: string; readonly value: unknown } | null;
}

function sectionNode(name: SectionName, written: unknown, shared = true): SectionNode {
  return { name, written, shared, next: null, resolved: null };
}

function nextNode(node: SectionNode, setting: Setting): SectionNode {
  const known = node.next?.get(setting);
  if (known !== undefined) return known;
  const { name } = node;
  const whole = setSetting({ [name]: node.written }, keysOf(setting.path), setting.value);
  const shared = node.shared && setting.single === undefined;
  const next = sectionNode(name, (whole as { readonly [key: string]: unknown })[name], shared);
  if (shared) {
    node.next ??= new Map();
    node.next.set(setting, next);
  }
  return next;
}

function keysOf(path: string): readonly string[] {
  let keys = splitPaths.get(path);
  if (keys === undefined) {
    keys = path.split('.');
    if (splitPaths.size < 1000) splitPaths.set(path, keys);
  }
  return keys;
}

const splitPaths = new Map<string, readonly string[]>();

function configOf(at: { readonly [name in SectionName]: SectionNode }): TrialConfig {
  const task = resolveTask(at.task.written as Pipeline['task']);
  const data = once(at.data, task, (written) => resolveData(written as Pipeline['data'], task));
  const { partition } = data.sequence;
  return {
    task,
    data,
    model: once(at.model, '', (written) => resolveModel(written as Pipeline['model'])),
    loss: once(at.loss, '', (written) => resolveLoss(written as Pipeline['loss'])),
    optimizer: once(at.optimizer, '', (written) => resolveOptimizer(written as Pipeline['optimizer'])),
    train: once(at.train, partition, (written) => resolveTrain(written as Pipeline['train'], partition)),
    metrics: once(at.metrics, task, (written) => resolveMetrics(written as Pipeline['metrics'], task)),
    generate: once(at.generate, '', (written) => resolveGenerate(written as Pipeline['generate'])),
    engine: once(at.engine, '', (written) => resolveEngine(written as Pipeline['engine'])),
  };
}

function once<T>(node: SectionNode, dependingOn: string, resolve: (written: unknown) => T): T {
  if (node.resolved?.dependingOn === dependingOn) return node.resolved.value as T;
  const value = resolve(node.written);
  node.resolved = { dependingOn, value };
  return value;
}
