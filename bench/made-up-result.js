/** The result of a trial that was never trained, with figures that follow from its hash: for runs of many thousand trials. */
export function madeUpResult({ id, arm, seed, hash }) {
  const accuracy = 0.5 + (seed + Number.parseInt(hash.slice(0, 6), 16) / 2 ** 24) / 10;
  const split = { loss: 1 - accuracy, accuracy, precision: accuracy, recall: accuracy - 0.01, f1: accuracy };
  const perClass = ['sad', 'glad'].map((label) => ({
    label,
    precision: accuracy,
    recall: accuracy,
    f1: accuracy,
    support: 30,
  }));
  const right = Math.round(30 * accuracy);
  const matrix = [
    [right, 30 - right],
    [30 - right, right],
  ];
  const test = { ...split, per_class: perClass, confusion_matrix: matrix };
  const speed = { batches_per_second: 100 + seed, tokens_per_second: 1000 };
  const epochs = [1, 2, 3, 4, 5].map((epoch) => ({
    epoch,
    train: split,
    test: split,
    lr: 0.01,
    train_seconds: 9,
    evaluate_seconds: 1,
    batches: 15,
    ...speed,
  }));
  const timing = {
    total_seconds: 30,
    startup_seconds: 0,
    data_seconds: 0,
    train_seconds: 27 + accuracy,
    evaluate_seconds: 3,
  };
  return {
    schema: 1,
    trial: id,
    arm,
    seed,
    hash,
    state: 'complete',
    metrics: { train: split, test },
    epochs,
    timing: { ...timing, ...speed },
    engine: { name: 'native', variant: 'avx2', threads: 1, device: 'cpu' },
    model: { text: 'Classifier()', parameters: 1000, trainable_parameters: 1000 },
    data: {
      digest: 'd'.repeat(64),
      source_digest: '5'.repeat(64),
      vocabulary: 500,
      classes: ['sad', 'glad'],
      counts: { train: 240, test: 60 },
    },
    weights_digest: hash,
    peak_memory_bytes: 1e8,
    warnings: [],
  };
}
