import { describe, expect, it } from 'vitest';
import { optimizerSteps } from '../../../src/engine/optimizer-step.js';
import { startEngine } from '../../../src/engine/start-engine.js';
import { engineFolder, readInstallation } from '../../../src/engine/tensorflow/installation.js';
import { tryEngine } from '../../../src/engine/tensorflow/try-engine.js';
import { main as parity } from '../../../src/parity/run.js';
import { tf } from '../../../src/tf.js';

const installation = await readInstallation(await engineFolder());
const SKIPPED = 'skipped: not installed, `sweep engine install tensorflow` does so';

if (installation === null) console.info(`the installed TensorFlow: ${SKIPPED}`);

describe.skipIf(installation === null)(
  `the installed TensorFlow${installation === null ? ` (${SKIPPED})` : ''}`,
  () => {
    it.each(['fused', 'unrolled'])("agrees with PyTorch's cases, %s", async (implementation) => {
      const lines: string[] = [];
      const options = ['--engine', 'tensorflow', '--implementation', implementation];
      const code = await parity(['test/fixtures/pytorch', ...options], (line) => lines.push(line));
      expect(code, lines.join('\n')).toBe(0);
    });

    it('says what it calculates on, and refuses the GPU that it does not have', async () => {
      const answer = await tryEngine(installation!.folder);
      expect(answer).toMatchObject({ works: true, variant: installation!.tensorflow });
      if (!answer.works || answer.gpu) return;
      expect(answer.device).toBe('cpu');
      await expect(startEngine({ name: 'tensorflow', device: 'gpu', variant: null })).rejects.toMatchObject({
        code: 'ENGINE_NO_GPU',
      });
    });

    it('leaves alone the arrays that parameters were made from, and follows a parameter that is set anew', async () => {
      await startEngine({ name: 'tensorflow', device: 'any', variant: null });
      const sgd = (parameter: tf.Variable): void => {
        const hyper = {
          type: 'sgd',
          lr: 1,
          step: 1,
          betas: [0.9, 0.999],
          alpha: 0.99,
          eps: 1e-8,
          momentum: 0,
        } as const;
        const rest = { nesterov: false, weight_decay: 0, scale: 1, clip_value: null } as const;
        tf.tidy(() => optimizerSteps([{ parameter, gradient: tf.ones([3]), slots: [] }], { ...hyper, ...rest }));
      };
      const start = Float32Array.of(1, 2, 3);
      const parameter = tf.variable(tf.tensor1d(start));
      sgd(parameter);
      sgd(parameter);
      expect([...parameter.dataSync()]).toEqual([-1, 0, 1]);
      expect([...start]).toEqual([1, 2, 3]);
      parameter.assign(tf.tensor1d([10, 20, 30]));
      sgd(parameter);
      expect([...parameter.dataSync()]).toEqual([9, 19, 29]);
    });

    it('keeps no handles of tensors that are gone', async () => {
      await startEngine({ name: 'tensorflow', device: 'any', variant: null });
      const { binding } = tf.backend() as unknown as { binding: { getNumOfTensors(): number } };
      const before = binding.getNumOfTensors();
      await parity(['test/fixtures/pytorch', '--engine', 'tensorflow'], () => undefined);
      const after = binding.getNumOfTensors();
      await parity(['test/fixtures/pytorch', '--engine', 'tensorflow'], () => undefined);
      expect(binding.getNumOfTensors()).toBe(after);
      expect(after).toBeGreaterThanOrEqual(before);
    });
  },
);
