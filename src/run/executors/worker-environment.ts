import type { EngineConfig } from '../../plan/trial-config.js';

/** What a worker may know of our environment: where things are, and what chooses and steers devices. No secrets. */
const PASSED = [
  /^(PATH|HOME|USER|LOGNAME|SHELL|LANG|LANGUAGE|TZ|TMPDIR|TEMP|TMP)$/,
  /^LC_/,
  /^XDG_/,
  /^SWEEPLINE_/,
  /^(LD_LIBRARY_PATH|DYLD_LIBRARY_PATH|LD_PRELOAD)$/,
  /^(CUDA|NVIDIA|ROCR|HIP|TF|XLA|VK|DAWN|OMP)_/,
  /^(NODE_COMPILE_CACHE|NODE_DISABLE_COMPILE_CACHE)$/,
  /^MALLOC_/,
  /^(NODE_EXTRA_CA_CERTS|SSL_CERT_FILE|SSL_CERT_DIR|NODE_USE_SYSTEM_CA)$/,
  /^(HTTPS?|NO|ALL)_PROXY$/i,
  /^(SystemRoot|SystemDrive|windir|ComSpec|USERPROFILE|APPDATA|LOCALAPPDATA|ProgramData|ProgramFiles)$/i,
];

/** The part of `environment` that a worker gets. */
export function workerEnvironment(environment: NodeJS.ProcessEnv): Record<string, string> {
  const passed: Record<string, string> = {};
  for (const [name, value] of Object.entries(environment)) {
    if (value !== undefined && PASSED.some((pattern) => pattern.test(name))) passed[name] = value;
  }
  return passed;
}

/**
 * The environment of a worker that runs on an engine. glibc gives every large tensor back to the system and fetches it
 * anew, a page at a time, at every op of TensorFlow's; told to keep them, a wide LSTM trains a quarter faster (for up to
 * a fifth more memory at the peak). What the user sets goes first; other C libraries do not know these names.
 */
export function withEngine(
  environment: Readonly<Record<string, string>>,
  { name }: Pick<EngineConfig, 'name'>,
): Readonly<Record<string, string>> {
  if (name !== 'tensorflow') return environment;
  return { MALLOC_MMAP_THRESHOLD_: KEPT, MALLOC_TRIM_THRESHOLD_: KEPT, ...environment };
}

/** Bytes. */
const KEPT = '4000000000';

/** The environment of a worker that shall see one GPU only. */
export function withGpu(environment: Readonly<Record<string, string>>, gpu: string): Record<string, string> {
  // Numbered as nvidia-smi numbers them; CUDA by itself puts the fastest first.
  return { CUDA_DEVICE_ORDER: 'PCI_BUS_ID', ...environment, CUDA_VISIBLE_DEVICES: gpu };
}
