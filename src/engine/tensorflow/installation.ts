import { readFile } from 'node:fs/promises';
import path from 'node:path';

/** What `sweep engine install tensorflow` left behind, as its `engine.json` says. */
export interface Installation {
  /** Where tfjs-node and libtensorflow lie. */
  readonly folder: string;
  /** `@tensorflow/tfjs-node`, or `@tensorflow/tfjs-node-gpu`. */
  readonly package: string;
  /** The published package, or a wheel or installed package of the Python world. */
  readonly source: 'npm' | 'wheel';
  /** The version of libtensorflow. */
  readonly tensorflow: string;
  /** The CUDA and cuDNN that libtensorflow was built for; null for a build without. */
  readonly cuda: string | null;
  readonly cudnn: string | null;
}

/** The file that says what is installed; it is there only when all the rest is. */
export const INSTALLATION_FILE = 'engine.json';

/** Where this machine's kind of engine lies: a cache folder may be shared by machines of different kinds. */
export async function engineFolder(): Promise<string> {
  return path.join(await cacheFolder(), 'engines', `tensorflow-${process.platform}-${process.arch}`);
}

/** What is installed in a folder, or null. Reads one small file and loads nothing. */
export async function readInstallation(folder: string): Promise<Installation | null> {
  try {
    const content = JSON.parse(await readFile(path.join(folder, INSTALLATION_FILE), 'utf8')) as Installation;
    return { ...content, folder };
  } catch {
    return null;
  }
}

/** `SWEEPLINE_CACHE`, else the user's cache folder. */
export async function cacheFolder(): Promise<string> {
  const asked = process.env.SWEEPLINE_CACHE;
  if (asked !== undefined && asked !== '') return path.resolve(asked);
  const { default: envPaths } = await import('env-paths');
  return envPaths('sweepline', { suffix: '' }).cache;
}
