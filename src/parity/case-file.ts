import { readdir, readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { RunError } from '../errors.js';

/** A tensor of a case: row-major numbers. */
export interface CaseTensor {
  readonly shape: readonly number[];
  readonly data: readonly number[];
}

interface CaseTensors {
  readonly [name: string]: CaseTensor;
}

/** One nn.RNN, nn.GRU or nn.LSTM with its outputs and gradients. */
export interface LayerCase {
  readonly kind: 'layer';
  readonly name: string;
  readonly cell: string;
  readonly input_size: number;
  readonly hidden_size: number;
  readonly num_layers: number;
  readonly bidirectional: boolean;
  readonly nonlinearity: string;
  readonly bias: boolean;
  readonly proj_size: number;
  readonly lengths: readonly number[] | null;
  readonly params: CaseTensors;
  readonly x: CaseTensor;
  readonly h0: CaseTensor;
  readonly c0?: CaseTensor;
  readonly output: CaseTensor;
  readonly h_n: CaseTensor;
  readonly c_n?: CaseTensor;
  readonly cotangent_output: CaseTensor;
  readonly cotangent_h_n: CaseTensor;
  readonly cotangent_c_n?: CaseTensor;
  readonly grads: CaseTensors;
}

/** A few training steps of a classifier with their losses, gradient norms and final parameters. */
export interface TrainCase {
  readonly kind: 'train';
  readonly name: string;
  readonly cell: string;
  readonly vocab_size: number;
  readonly embedding_dim: number;
  readonly hidden_size: number;
  readonly classes: number;
  readonly num_layers: number;
  readonly bidirectional: boolean;
  readonly pooling: string;
  readonly head: readonly number[];
  readonly loss: string;
  readonly label_smoothing: number | null;
  readonly optimizer: string;
  readonly lr: number;
  readonly weight_decay: number;
  readonly clip_norm: number | null;
  readonly inputs: CaseTensor;
  readonly labels: CaseTensor;
  readonly init: CaseTensors;
  readonly losses: readonly number[];
  readonly grad_norms: readonly number[];
  readonly final: CaseTensors;
}

type ParityCase = LayerCase | TrainCase;

/** A case file; `content` is null when it is not one, with the reason in `problem`. */
export type CaseFile =
  | { readonly name: string; readonly content: ParityCase; readonly problem?: never }
  | { readonly name: string; readonly content: null; readonly problem: string };

/** The case files (*.json) of a folder, by name; throws RunError when the folder has none or cannot be read. */
export async function readCases(folder: string): Promise<CaseFile[]> {
  const names = await listCases(folder);
  return Promise.all(names.map((name) => readCase(join(folder, name))));
}

async function listCases(folder: string): Promise<string[]> {
  const names = await readdir(folder).catch((cause: unknown) => {
    throw new RunError(`expected a folder of case files, cannot read ${folder}`, {
      code: 'PARITY_FOLDER',
      hint: 'name a folder such as test/fixtures/pytorch',
      cause,
    });
  });
  const cases = names.filter((name) => name.endsWith('.json')).sort();
  if (cases.length > 0) return cases;
  throw new RunError(`expected case files (*.json) in ${folder}, found none`, {
    code: 'PARITY_FOLDER',
    hint: 'name a folder such as test/fixtures/pytorch',
  });
}

async function readCase(path: string): Promise<CaseFile> {
  const name = basename(path, '.json');
  try {
    const content = JSON.parse(await readFile(path, 'utf8')) as ParityCase;
    if (content.kind === 'layer' || content.kind === 'train') return { name, content };
    return {
      name,
      content: null,
      problem: `kind ${JSON.stringify((content as { kind?: unknown }).kind)} is not known`,
    };
  } catch (error) {
    return { name, content: null, problem: (error as Error).message };
  }
}
