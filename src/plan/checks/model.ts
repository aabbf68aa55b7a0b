import { type ArmProblem, armCheck, armError } from '../arm-problem.js';

/** Whether the model can be built, and can learn what the task asks. */
export const modelCheck = armCheck(['task', 'model'], ({ config: { task, model } }) => {
  const problems: ArmProblem[] = [];
  if (model.cell === 'lstm' && model.projection !== null && model.projection >= model.hidden) {
    const message = `expected fewer features than \`model.hidden\` (${model.hidden}), found ${model.projection}`;
    problems.push(armError('PROJECTION', 'model.projection', message));
  }
  if (task === 'language-model' && model.bidirectional) {
    const message = 'a bidirectional language model sees the token that it is to predict';
    problems.push(armError('BIDIRECTIONAL', 'model.bidirectional', message, 'Use `bidirectional: false`.'));
  }
  return problems;
});
