import { type ArmProblem, armCheck, armError } from '../arm-problem.js';
import type { TrialConfig } from '../trial-config.js';
import { hasSplit } from './data.js';

/** Whether optimizer, schedule and stopping rule can do what they are asked. */
export const trainingCheck = armCheck(['optimizer', 'train', 'data', 'metrics'], ({ config, written }) => {
  const { optimizer, train, data } = config;
  const problems: ArmProblem[] = [];
  if (optimizer.type === 'sgd' && optimizer.nesterov && optimizer.momentum === 0) {
    const message = 'Nesterov momentum needs `optimizer.momentum` above 0, found 0';
    problems.push(armError('NESTEROV', 'optimizer.nesterov', message, 'For example `momentum: 0.9`.'));
  }
  if (optimizer.schedule.type === 'plateau') {
    problems.push(...watched(config, 'optimizer.schedule', optimizer.schedule.metric));
  }
  if (train.early_stopping !== null)
    problems.push(...watched(config, 'train.early_stopping', train.early_stopping.metric));
  if (train.carry_state && data.sequence.partition === 'random' && written('train.carry_state')) {
    const message = 'the state cannot be carried, since random windows do not continue one another';
    problems.push(
      armError('CARRY_STATE', 'train.carry_state', message, 'Use `partition: sequential` or `carry_state: false`.'),
    );
  }
  return problems;
});

/** Whether a metric that is watched is measured, and on which split. */
function watched(
  config: Pick<TrialConfig, 'data' | 'metrics'>,
  path: string,
  metricPath: string,
): readonly ArmProblem[] {
  const [split, metric] = metricPath.split('.') as [string, string];
  const key = `${path}.metric`;
  if (!hasSplit(config.data, split)) {
    const hint = `Add \`${split}\` to \`data.split\`, or a \`data.${split}\` of its own.`;
    return [armError('WATCHED_METRIC', key, `\`${metricPath}\` cannot be watched: there is no ${split} split`, hint)];
  }
  const averaged = ['loss', 'accuracy'].filter((name) => name === 'loss' || config.metrics.includes('accuracy'));
  const measured = ['loss', ...config.metrics, ...averaged.map((name) => `${name}_over_batches`)];
  if (!measured.includes(metric)) {
    const message = `\`${metricPath}\` cannot be watched: \`${metric}\` is not measured`;
    return [armError('WATCHED_METRIC', key, message, `Measured: ${measured.join(', ')}.`)];
  }
  if (metric === 'confusion_matrix')
    return [armError('WATCHED_METRIC', key, 'expected a number to watch, found a matrix')];
  if (split !== 'test') return [];
  const message = `\`${key}\`: watching the test split chooses by it, so that its figures come out too good`;
  return [{ severity: 'warning', code: 'TEST_SPLIT_WATCHED', path: key, message, hint: 'Watch `validation` instead.' }];
}
