/** The product's own training loop on the token batches of a workload. Reads {"run": n} lines, answers {"seconds", "loss"}. */
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { startEngine } from '../dist/engine/start-engine.js';
import { createModel } from '../dist/model/create-model.js';
import { classifierTask } from '../dist/train/classifier-task.js';
import { languageModelTask } from '../dist/train/language-model-task.js';
import { createLoss } from '../dist/train/losses/create-loss.js';
import { createOptimizer } from '../dist/train/optimizers/create-optimizer.js';
import { createPulse } from '../dist/train/pulse.js';
import { trainEpoch } from '../dist/train/train-epoch.js';
import { newTrainingState } from '../dist/train/training-state.js';
import { createUpdater } from '../dist/train/updater.js';
import { timeKernels } from './kernel-times.js';

const spec = JSON.parse(readFileSync(process.argv[2], 'utf8'));
const { config, batch: size, time, count } = spec;
const languageModel = config.task === 'language-model';
const engine = await startEngine(config.engine);
const ids = readInts(spec.ids);
const targets = readInts(spec.targets);

const loss = createLoss(config.loss, spec.outputs);
const sizes = { vocabulary: spec.vocabulary, outputs: spec.outputs, every_step: languageModel };
const model = createModel(config.model, sizes, 0);
const optimizer = createOptimizer(config.optimizer, model.trainable);
const updater = createUpdater(config.train, optimizer);
const context = { now: () => performance.now(), deadline: null, signal: new AbortController().signal, emit: () => {} };
const pulse = createPulse(context);
const state = newTrainingState();
const checkpointing = { due: () => false };
let position = 0;
let steps = 0;
const shared = {
  model,
  loss,
  metrics: languageModel ? ['perplexity'] : ['accuracy'],
  evaluated: [],
  trainingBatches: () => ({ count: steps, batches: nextBatches(steps) }),
  evaluationBatches: () => ({ count: 0, batches: [] }),
};
const task = languageModel
  ? languageModelTask({ ...shared, carry_state: true })
  : classifierTask({ ...shared, classes: ['neg', 'pos'], packed: false });

const implementation = config.model.implementation === 'unrolled' ? ', unrolled' : '';
send({ ready: `Sweepline ${engine.name} (${engine.variant})${implementation}` });
for await (const line of createInterface({ input: process.stdin })) {
  const message = JSON.parse(line);
  if (message.memory) {
    send({ peak_bytes: process.resourceUsage().maxRSS * 1024 });
    continue;
  }
  if (message.parts) {
    // TensorFlow's ops are not ours to time one by one.
    if (engine.name === 'tensorflow') {
      send({});
      continue;
    }
    const times = timeKernels();
    const total = await runSteps(message.parts);
    send(times.stop(total.seconds, message.parts));
    continue;
  }
  send(await runSteps(message.run));
}

async function runSteps(wanted) {
  steps = wanted;
  const began = performance.now();
  const trained = await trainEpoch({
    config,
    model,
    task,
    updater,
    pulse,
    context,
    state,
    checkpointing,
    report: () => {},
  });
  return { seconds: (performance.now() - began) / 1000, loss: trained.metrics.loss };
}

function* nextBatches(wanted) {
  for (let n = 0; n < wanted; n++, position++) {
    const b = position % count;
    const per = languageModel ? size * time : size;
    const own = targets.subarray(b * per, (b + 1) * per);
    const batch = { size, time, ids: ids.subarray(b * size * time, (b + 1) * size * time) };
    yield languageModel
      ? { ...batch, targets: own, resets_state: b === 0 }
      : { ...batch, labels: own, lengths: new Int32Array(size).fill(time) };
  }
}

function readInts(file) {
  const bytes = readFileSync(file);
  return new Int32Array(bytes.buffer, bytes.byteOffset, bytes.byteLength / 4);
}

function send(message) {
  process.stdout.write(`${JSON.stringify(message)}\n`);
}
