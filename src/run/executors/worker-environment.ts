/** What a worker may know of our environment: where things are, and what chooses and steers devices. No secrets. */
const PASSED = [
  /^(PATH|HOME|USER|LOGNAME|SHELL|LANG|LANGUAGE|TZ|TMPDIR|TEMP|TMP)$/,
  /^LC_/,
  /^XDG_/,
  /^SWEEPLINE_/,
  /^(LD_LIBRARY_PATH|DYLD_LIBRARY_PATH|LD_PRELOAD)$/,
  /^(CUDA|NVIDIA|ROCR|HIP|TF|XLA|VK|DAWN|OMP)_/,
  /^(NODE_COMPILE_CACHE|NODE_DISABLE_COMPILE_CACHE)$/,
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

/** The environment of a worker that shall see one GPU only. */
export function withGpu(environment: Readonly<Record<string, string>>, gpu: string): Record<string, string> {
  // Numbered as nvidia-smi numbers them; CUDA by itself puts the fastest first.
  return { CUDA_DEVICE_ORDER: 'PCI_BUS_ID', ...environment, CUDA_VISIBLE_DEVICES: gpu };
}
