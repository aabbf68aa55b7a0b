import { beforeAll, describe, expect, it } from 'vitest';
import { startEngine } from '../../../src/engine/start-engine.js';
import { tf } from '../../../src/tf.js';
import { createLoss } from '../../../src/train/losses/create-loss.js';
import { ctcLoss } from '../../../src/train/losses/ctc.js';
import { lossConfig } from '../configs.js';

// Expected numbers: torch 2.13, float32,
//   z = torch.tensor([[[((7*b+3*t+5*k)%11)/4-1.25 for k in range(4)] for t in range(5)] for b in range(3)])
//   F.ctc_loss(F.log_softmax(z, 2).transpose(0, 1), targets, input_lengths, target_lengths, blank=3, reduction='none')
const [BATCH, TIME, OUTPUTS] = [3, 5, 4];

beforeAll(() => startEngine({ name: 'cpu', device: 'any', variant: null }));

describe('connectionist temporal classification', () => {
  it('agrees with PyTorch for targets of one, two equal and three labels', () => {
    const loss = (z: tf.Tensor): tf.Tensor1D => ctcLoss(z as tf.Tensor3D, [[1], [0, 0], [2, 1, 0]]);
    expectClose(loss(logits()).dataSync(), [4.92731237, 3.60772943, 4.78647232]);
    // Gradient of values · [1, −0.5, 2].
    const gradient = tf.grad((z) =>
      loss(z)
        .mul(tf.tensor1d([1, -0.5, 2]))
        .sum(),
    )(logits());
    expectClose(
      gradient.dataSync(),
      [
        0.0515700206, -0.177103549, 0.628251374, -0.502717793, 0.1251968, 0.0371601954, 0.0975033641, -0.259860367,
        0.211854964, -0.0835700408, 0.164992794, -0.293277711, 0.45962134, -0.297264397, 0.357953459, -0.520310342,
        0.125196785, 0.0798792392, 0.0975033566, -0.302579403, 0.203030616, -0.0512776822, -0.178976685, 0.0272237509,
        0.208259568, -0.0512776822, -0.1789767, 0.021994805, 0.0372809358, -0.218489885, -0.048751682, 0.229960635,
        0.0637954026, -0.21848996, -0.0487516969, 0.203446254, 0.249173477, -0.0512776822, -0.1789767, -0.0189190973,
        0.250393659, 0.87395978, -0.347538292, -0.776815176, 0.42370978, -0.0204218999, -0.361229479, -0.0420583971,
        0.83081609, -0.30371511, -0.543433726, 0.0163327362, 0.0250592455, -0.698789477, 0.195006728, 0.478723466,
        -1.52604961, 0.873959661, 0.195006758, 0.457083136,
      ],
    );
  });

  it('agrees with PyTorch for a label per text and texts of their own lengths', () => {
    const ctc = createLoss(lossConfig({ type: 'ctc' }), 3);
    const labels = Int32Array.of(1, 2, 0);
    const lengths = Int32Array.of(3, 5, 4);
    expect(ctc.outputs).toBe(4);
    expect(ctc.every_step).toBe(true);
    expectClose(ctc.values(logits(), labels, lengths).dataSync(), [2.08170033, 5.75009727, 2.66449523]);
    expectClose(ctc.mean(logits(), labels, lengths).dataSync(), [3.4987642765045166]);
    const gradient = tf.grad((z) => ctc.mean(z, labels, lengths))(logits());
    expectClose(
      gradient.dataSync(),
      [
        0.0171900038, -0.165284261, 0.209417075, -0.061322812, 0.0417322516, -0.0873625875, 0.0325011127, 0.0131292222,
        0.0706182793, -0.00794692338, 0.0549975708, -0.117668927, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.153207064,
        0.0341851152, -0.123955384, -0.0634367988, 0.153207108, 0.0341851264, -0.144355863, -0.0430363826, 0.0417322852,
        0.145659998, -0.0838798583, -0.103512429, 0.0417322665, 0.145659938, -0.0483118482, -0.139080361, 0.153207138,
        0.0341851301, 0.0255468935, -0.212939158, 0.00173433195, 0.145659894, 0.0325011127, -0.179895341, -0.0432237871,
        0.0157570709, 0.054997582, -0.0275308657, -0.148531944, 0.0341851152, 0.11931777, -0.00497093424, -0.0487989448,
        0.145659909, 0.0325011164, -0.129362091, 0.0, 0.0, 0.0, 0.0,
      ],
    );
  });

  it('predicts the class whose one-label sequence is likeliest', () => {
    const ctc = createLoss(lossConfig({ type: 'ctc' }), 3);
    const scores = ctc.scores(logits());
    const values = [0, 1, 2].map((c) => ctc.values(logits(), new Int32Array(BATCH).fill(c)).dataSync());
    for (let b = 0; b < BATCH; b++)
      for (let c = 0; c < 3; c++) expect(scores[b * 3 + c]).toBeCloseTo(-values[c]![b]!, 5);
    const best = Array.from({ length: BATCH }, (_, b) => {
      const row = [...scores.subarray(b * 3, b * 3 + 3)];
      return row.indexOf(Math.max(...row));
    });
    expect([...ctc.predict(logits())]).toEqual(best);
  });

  it('is infinite, without a gradient that is not a number, where a text is too short for its target', () => {
    const loss = (z: tf.Tensor): tf.Tensor1D => ctcLoss(z as tf.Tensor3D, [[0, 0], [0], [0]], Int32Array.of(2, 2, 2));
    expect(loss(logits()).dataSync()[0]).toBe(Infinity);
    expect(loss(logits()).dataSync().slice(1).every(Number.isFinite)).toBe(true);
    expect(
      tf
        .grad((z) => loss(z).sum())(logits())
        .dataSync()
        .every(Number.isFinite),
    ).toBe(true);
  });
});

function logits(): tf.Tensor3D {
  const values = Array.from({ length: BATCH * TIME * OUTPUTS }, (_, i) => {
    const [b, t, k] = [Math.floor(i / (TIME * OUTPUTS)), Math.floor(i / OUTPUTS) % TIME, i % OUTPUTS];
    return ((7 * b + 3 * t + 5 * k) % 11) / 4 - 1.25;
  });
  return tf.tensor3d(values, [BATCH, TIME, OUTPUTS]);
}

function expectClose(found: ArrayLike<number>, expected: readonly number[]): void {
  expect(found.length).toBe(expected.length);
  expected.forEach((value, i) => {
    expect(found[i]).toBeCloseTo(value, 5);
  });
}
