import type { Language } from './load/report-settings.js';

/** Every word that a report prints, in each language. `{n}` is a value; `{n:trial|trials}` adds a word by its number. */
const TABLE = {
  // What ran.
  ran: [
    '{arms:arm|arms} × {seeds:seed|seeds} ({trials:trial|trials}): {states}.',
    '{arms} 种配置 × {seeds} 个随机种子（共 {trials} 次试验）：{states}。',
  ],
  'ran.uneven': [
    '{trials:trial|trials} of {arms:arm|arms}: {states}.',
    '{arms} 种配置，共 {trials} 次试验：{states}。',
  ],
  'ran.nothing': ['No trials: the plan is empty.', '没有试验：计划为空。'],
  'ran.data': ['Data: {source}{facts}.', '数据：{source}{facts}。'],
  'ran.examples': ['{count} for {split}', '{split} {count} 条'],
  'ran.tokens': ['{count} tokens for {split}', '{split} {count} 个词元'],
  'ran.vocabulary': ['vocabulary {count}', '词表 {count}'],
  'ran.classes': ['classes {classes}', '类别 {classes}'],
  'ran.engine': ['Engine: {engines}.', '计算引擎：{engines}。'],
  'ran.when': ['Started {time}.', '开始于 {time}。'],
  'ran.lasted': ['Started {time}, ran for {duration}.', '开始于 {time}，用时 {duration}。'],
  'ran.unfinished': ['The run has not ended: this is what there is so far.', '运行尚未结束：以下为目前已有的结果。'],
  'ran.interrupted': ['The run was interrupted: this is what there was.', '运行被中断：以下为中断前的结果。'],
  'ran.none-complete': ['No trial is complete, so there are no results.', '没有完成的试验，因此没有结果。'],
  // Headings.
  results: ['Results', '结果'],
  comparisons: ['Comparisons', '比较'],
  epochs: ['Per epoch', '各轮结果'],
  classes: ['Per class', '各类别结果'],
  generated: ['Generated text', '生成的文本'],
  model: ['Model', '模型'],
  timing: ['Time and throughput', '时间与速度'],
  failures: ['Trials that are not complete', '未完成的试验'],
  warnings: ['Warnings', '警告'],
  problems: ['Problems with the run folder', '运行目录的问题'],
  provenance: ['Provenance', '来源信息'],
  'over-batches': ['Over batches', '按批平均'],
  'over-samples': ['Over samples', '按样本平均'],
  'confusion-matrix': ['Confusion matrix', '混淆矩阵'],
  // Splits.
  train: ['train', '训练集'],
  validation: ['validation', '验证集'],
  test: ['test', '测试集'],
  'train.heading': ['Training', '训练集'],
  'validation.heading': ['Validation', '验证集'],
  'test.heading': ['Test', '测试集'],
  // Metrics.
  accuracy: ['accuracy', '准确率'],
  loss: ['loss', '损失'],
  precision: ['precision', '精确率'],
  recall: ['recall', '召回率'],
  f1: ['F1', 'F1'],
  roc_auc: ['ROC AUC', 'ROC AUC'],
  perplexity: ['perplexity', '困惑度'],
  bits_per_character: ['bits per character', '每字符比特数'],
  accuracy_over_batches: ['accuracy over batches', '准确率（按批平均）'],
  loss_over_batches: ['loss over batches', '损失（按批平均）'],
  train_seconds: ['train (s)', '训练时间 (s)'],
  evaluate_seconds: ['evaluate (s)', '评估时间 (s)'],
  predict_seconds: ['predict (s)', '预测时间 (s)'],
  total_seconds: ['total (s)', '总时间 (s)'],
  batches_per_second: ['batches/s', '速度 (batches/s)'],
  tokens_per_second: ['tokens/s', '速度 (tokens/s)'],
  peak_memory_bytes: ['peak memory (MB)', '峰值内存 (MB)'],
  // Columns.
  arm: ['arm', '配置'],
  n: ['n', 'n'],
  parameters: ['parameters', '参数量'],
  epoch: ['epoch', '轮次'],
  class: ['class', '类别'],
  support: ['examples', '样本数'],
  trial: ['trial', '试验'],
  state: ['state', '状态'],
  reason: ['reason', '原因'],
  hint: ['hint', '提示'],
  log: ['log', '日志'],
  engine: ['engine', '计算引擎'],
  reference: ['reference', '参考值'],
  difference: ['difference', '差值'],
  interval: ['95 % interval', '95% 置信区间'],
  'p.t': ['p (paired t)', 'p（配对 t）'],
  'p.flip': ['p (sign flip)', 'p（符号翻转）'],
  'p.wilcoxon': ['p (Wilcoxon)', 'p（Wilcoxon）'],
  'p.holm': ['p (Holm)', 'p（Holm 校正）'],
  effect: ['effect size d_z', '效应量 d_z'],
  finding: ['finding', '结论'],
  'actual-predicted': ['actual ↓ predicted →', '真实 ↓ 预测 →'],
  // Sentences.
  'results.mean-std': [
    'Mean ± sample standard deviation over n = {n} seeds.',
    '均值 ± 样本标准差，n = {n} 个随机种子。',
  ],
  'results.uneven': [
    'Mean ± sample standard deviation over the complete trials (n).',
    '完成的试验（n）的均值 ± 样本标准差。',
  ],
  'results.single': [
    'One seed each (n = 1): nothing here says how much of a difference is chance.',
    '每种配置仅一个随机种子（n = 1）：无法判断差异是否出于偶然。',
  ],
  'results.bold': [
    'Bold is the best mean of its column, not a statement of significance.',
    '粗体为该列最优均值，不代表显著性。',
  ],
  'results.train': ['Running figures of the last epoch, measured while training.', '最后一轮训练过程中的统计值。'],
  'results.not-finite': [
    '{metric} is not a number for {arm} with seed {list}: left out of the mean.',
    '{arm} 的 {metric} 在随机种子 {list} 下不是数值：未计入均值。',
  ],
  'compare.intro.one': [
    '{metric}, paired by seed. The arms are told apart when p by the paired t-test is below 0.05.',
    '{metric}，按随机种子配对。配对 t 检验的 p 值小于 0.05 时，认为两者有差异。',
  ],
  'compare.intro': [
    '{metric}, paired by seed. A pair is told apart when its p by the paired t-test, adjusted by Holm over all {n} comparisons, is below 0.05.',
    '{metric}，按随机种子配对。配对 t 检验的 p 值经 Holm 校正（共 {n} 个比较）后小于 0.05 时，认为两者有差异。',
  ],
  'compare.few-flips': [
    'With n = {n} the sign-flip test cannot give a p below {p}.',
    'n = {n} 时，符号翻转检验的 p 值不可能小于 {p}。',
  ],
  'compare.better': ['{arm} is better', '{arm} 更好'],
  'compare.same': ['not told apart', '无法区分'],
  'compare.too-few': ['n = {n} is too few to tell', 'n = {n} 太少，无法判断'],
  'compare.needed': ['not told apart; a difference of this size needs n ≈ {n}', '无法区分；此差异约需 n = {n}'],
  'epochs.order': ['Each cell: {order}; mean over seeds.', '每格：{order}；对随机种子取均值。'],
  'epochs.thinned': [
    '{shown} of {all:epoch|epochs} are shown; all are in `report --format json`.',
    '显示 {all} 轮中的 {shown} 轮；全部数据见 `report --format json`。',
  ],
  'too-many': [
    '{n:arm|arms}: too many to print here; all are in `report --format json`.',
    '共 {n} 种配置，此处从略；全部数据见 `report --format json`。',
  ],
  'classes.summed': ['Confusion matrices are summed over seeds.', '混淆矩阵对随机种子求和。'],
  'classes.too-large': [
    'The confusion matrix of {n:class|classes} is in `report --format json`.',
    '{n} 个类别的混淆矩阵见 `report --format json`。',
  ],
  'generated.seed': ['{arm}, seed {seed}', '{arm}，随机种子 {seed}'],
  'model.parameters': ['{parameters} parameters', '参数量 {parameters}'],
  'model.trainable': ['{parameters} parameters, {trainable} trained', '参数量 {parameters}，其中训练 {trainable}'],
  'timing.mean': ['Mean over the complete trials{std}.', '完成的试验的均值{std}。'],
  'timing.std': [' ± sample standard deviation', ' ± 样本标准差'],
  'failures.epoch': ['after epoch {epoch} of {epochs}', '于第 {epoch}/{epochs} 轮之后'],
  'failures.never': ['never started', '从未开始'],
  'failures.more': ['and {n:trial|trials} more that never started', '另有 {n} 次试验从未开始'],
  'warnings.trials': ['({n:trial|trials})', '（{n} 次试验）'],
  'problems.more': ['and {n} more', '另有 {n} 个'],
  // States.
  complete: ['complete', '完成'],
  failed: ['failed', '失败'],
  diverged: ['diverged', '发散'],
  timed_out: ['timed out', '超时'],
  killed: ['killed', '被终止'],
  cancelled: ['cancelled', '已取消'],
  skipped: ['skipped', '已跳过'],
  pending: ['pending', '未开始'],
  interrupted: ['interrupted', '中断'],
  // Provenance.
  run: ['run', '运行'],
  started: ['started', '开始时间'],
  command: ['command', '命令'],
  commit: ['git commit', 'git 提交'],
  'commit.dirty': ['{commit} ({branch}), with uncommitted changes', '{commit}（{branch}），有未提交的修改'],
  'commit.clean': ['{commit} ({branch})', '{commit}（{branch}）'],
  'commit.none': ['not in a git repository', '不在 git 仓库中'],
  versions: ['versions', '版本'],
  machine: ['machine', '机器'],
  'machine.text': [
    '{host}: {cpu}, {cores:core|cores}, {memory} GB, {platform}',
    '{host}：{cpu}，{cores} 核，{memory} GB，{platform}',
  ],
  jobs: ['trials at once', '并行试验数'],
  data: ['data', '数据'],
  'data.of': ['data of {arms}', '{arms} 的数据'],
  'data.text': [
    '{counts}; sha256 of the source {source}, as prepared {digest}',
    '{counts}；原始数据 sha256 {source}，处理后 {digest}',
  ],
  'class-counts': ['training examples per class', '各类别训练样本数'],
  unknown: ['unknown', '未知'],
} as const satisfies { readonly [key: string]: readonly [en: string, zh: string] };

type LabelKey = keyof typeof TABLE;

export interface Labels {
  /** The label in the report's language, values filled in. */
  (key: LabelKey, values?: { readonly [name: string]: string | number }): string;
  readonly language: Language;
  /** What stands between the items of a list. */
  readonly comma: string;
  /** The name of a figure such as `accuracy`; a figure that has none keeps its key. */
  named(figure: string): string;
}

/** The labels of one language. */
export function labelsOf(language: Language): Labels {
  const column = language === 'zh' ? 1 : 0;
  const label = (key: LabelKey, values: { readonly [name: string]: string | number } = {}): string =>
    fill(TABLE[key][column], values);
  return Object.assign(label, {
    language,
    comma: language === 'zh' ? '、' : ', ',
    named: (figure: string) => (Object.hasOwn(TABLE, figure) ? label(figure as LabelKey) : figure.replaceAll('_', ' ')),
  });
}

function fill(template: string, values: { readonly [name: string]: string | number }): string {
  return template.replace(/\{(\w+)(?::(\w+)\|(\w+))?\}/g, (_, name: string, one?: string, many?: string) => {
    const value = values[name] ?? '';
    if (one === undefined) return String(value);
    return `${value} ${value === 1 ? one : many}`;
  });
}
