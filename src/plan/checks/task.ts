import { LANGUAGE_MODEL_LOSSES, TASK_METRICS } from '../active-keys.js';
import { type ArmCheck, type ArmContext, type ArmProblem, armCheck, armError } from '../arm-problem.js';
import { headMisfits, labelCount, lossMisfits } from './labels.js';

/** Whether task, data format, loss, head and metrics fit each other. */
export const taskChecks: readonly ArmCheck[] = [
  armCheck(['task', 'data'], checkFormat),
  armCheck(['task', 'data', 'loss'], checkLoss),
  armCheck(['task', 'data', 'loss', 'model'], checkHead),
  armCheck(['task', 'data', 'metrics'], checkMetrics),
];

function checkFormat({ config: { task, data } }: ArmContext<'task' | 'data'>): readonly ArmProblem[] {
  if (task === 'language-model' && data.format !== 'text') {
    return [armError('TASK_MISFIT', 'data.format', `expected \`text\` for a language model, found \`${data.format}\``)];
  }
  if (task === 'classification' && data.format === 'text') {
    const hint = 'A running text has no labels: use folders, csv or jsonl, or `task: language-model`.';
    return [
      armError(
        'TASK_MISFIT',
        'data.format',
        'expected `folders`, `csv` or `jsonl` for classification, found `text`',
        hint,
      ),
    ];
  }
  return [];
}

function checkLoss({ config: { task, data, loss } }: ArmContext<'task' | 'data' | 'loss'>): readonly ArmProblem[] {
  if (task === 'language-model' && !LANGUAGE_MODEL_LOSSES.includes(loss.type)) {
    const fitting = LANGUAGE_MODEL_LOSSES.map((type) => `\`${type}\``).join(', ');
    return [
      armError('LOSS_MISFIT', 'loss.type', `expected one of ${fitting} for a language model, found \`${loss.type}\``),
    ];
  }
  const labels = labelCount(data);
  return labels === null ? [] : lossMisfits(loss, labels);
}

function checkHead({
  config: { task, data, loss, model },
}: ArmContext<'task' | 'data' | 'loss' | 'model'>): readonly ArmProblem[] {
  const outputs = model.head.outputs;
  if (outputs === null) return [];
  if (task === 'language-model') {
    const hint = 'Remove the key: the outputs are the vocabulary.';
    return [armError('HEAD_MISFIT', 'model.head.outputs', 'a language model answers with one output per token', hint)];
  }
  if (loss.type === 'bce_with_logits' && outputs !== 1) {
    return [armError('HEAD_MISFIT', 'model.head.outputs', `expected 1 for \`bce_with_logits\`, found ${outputs}`)];
  }
  const labels = labelCount(data);
  return labels === null ? [] : headMisfits({ loss, model }, labels);
}

function checkMetrics({ config, written }: ArmContext<'task' | 'data' | 'metrics'>): readonly ArmProblem[] {
  if (!written('metrics')) return [];
  const fitting = TASK_METRICS[config.task];
  const misfits = config.metrics.flatMap((metric, index) => {
    if (fitting.includes(metric)) return [];
    const hint = `Metrics of this task: ${fitting.join(', ')}.`;
    return [
      armError('METRIC_MISFIT', `metrics[${index}]`, `\`${metric}\` does not fit \`task: ${config.task}\``, hint),
    ];
  });
  const words = config.data.tokens.type === 'words' && config.task === 'language-model';
  const bits = config.metrics.indexOf('bits_per_character');
  if (!words || bits === -1) return misfits;
  const message = '`bits_per_character` needs characters as tokens, found words';
  return [...misfits, armError('METRIC_MISFIT', `metrics[${bits}]`, message, 'Use `perplexity` for words.')];
}
