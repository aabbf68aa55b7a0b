import { readFileSync, realpathSync } from 'node:fs';
import { PipelineError } from '../errors.js';
import { isYamlName } from '../pipeline/named-file.js';
import { type PipelineFile, readPipeline } from '../pipeline/read-pipeline.js';

/** Reads and checks a pipeline file with its `--set` overrides; throws PipelineError when it cannot be read at all. */
export function readPipelineFile(file: string, overrides: readonly string[]): PipelineFile {
  return readPipeline({ file, text: readText(file), overrides, readFile: readNamedFile });
}

function readNamedFile(path: string): { readonly text: string } | { readonly problem: string } {
  try {
    const real = realpathSync(path);
    if (!isYamlName(real)) return { problem: 'it is a link to a file whose name ends in neither .yaml nor .yml' };
    return { text: readFileSync(real, 'utf8') };
  } catch (error) {
    return { problem: reasonOf(error as NodeJS.ErrnoException) };
  }
}

/** Collects the values of an option that may be given several times. */
export function repeatable(value: string, before: readonly string[]): readonly string[] {
  return [...before, value];
}

function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (cause) {
    const reason = reasonOf(cause as NodeJS.ErrnoException);
    throw new PipelineError(`expected a pipeline file at ${file}: ${reason}`, {
      code: 'PIPELINE_UNREADABLE',
      hint: 'Pipelines are YAML files such as pipelines/quickstart.yaml.',
      cause,
    });
  }
}

function reasonOf({ code, message }: NodeJS.ErrnoException): string {
  return (code && REASONS[code]) ?? message;
}

const REASONS: { readonly [code: string]: string } = {
  ENOENT: 'there is no such file',
  EISDIR: 'it is a folder',
  EACCES: 'reading it is not allowed',
};
