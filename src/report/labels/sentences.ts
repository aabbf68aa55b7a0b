import type { LabelTable } from './label-table.js';

/** The sentences of a report. `{n}` is a value; `{n:trial|trials}` adds a word by its number. */
export const SENTENCES = {
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
  'results.shared': ['The same as {arm}, and the same trials: {list}.', '与 {arm} 完全相同，共用同一组试验：{list}。'],
  'reference.legend': [
    '✓: our mean ± standard deviation covers the published figure as it is rounded. Otherwise the brackets give ours − theirs.',
    '✓：本结果的均值 ± 标准差覆盖该文献值（按其取整精度）；否则括号内为“本结果 − 文献值”。',
  ],
  'reference.differences': [
    'In brackets: ours − theirs. One seed cannot say whether that is chance.',
    '括号内为“本结果 − 文献值”。仅一个随机种子，无法判断是否出于偶然。',
  ],
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
  'pivot.legend': [
    '{metric}; mean ± sample standard deviation over seeds.',
    '{metric}；随机种子间的均值 ± 样本标准差。',
  ],
  'pivot.averaged': ['Settings that are in neither rows nor columns are averaged over.', '对行列之外的设置取均值。'],
  'pivot.difference': [
    'In brackets: the difference from the baseline, paired by seed.',
    '括号内为与基准的差值（按随机种子配对）。',
  ],
  'logs.line': ['epoch {epoch}/{epochs}', '第 {epoch}/{epochs} 轮'],
  'logs.over-batches': [
    'Loss and accuracy are means over batches, then over seeds.',
    '损失与准确率先按批取均值，再对随机种子取均值。',
  ],
  'logs.over-samples': [
    'Loss and accuracy are means over samples, then over seeds.',
    '损失与准确率先按样本取均值，再对随机种子取均值。',
  ],
  'logs.by-epoch': ['{metric} after each epoch', '各轮之后的{metric}'],
  'blocks.base': ['The arm that the others are compared with.', '其他配置与此基准比较。'],
  'blocks.analysis': [
    'Against {arm}: {metric} {difference} (95 % interval {interval}): {finding}.',
    '与 {arm} 相比：{metric} {difference}（95% 区间 {interval}）：{finding}。',
  ],
  'blocks.analysis.single': [
    'Against {arm}: {metric} {difference}; one seed cannot say whether that is chance.',
    '与 {arm} 相比：{metric} {difference}；仅一个随机种子，无法判断是否出于偶然。',
  ],
  'blocks.better': ['better', '更好'],
  'blocks.worse': ['worse', '更差'],
  'blocks.time': ['Training takes {ratio} times as long.', '训练时间为其 {ratio} 倍。'],
  'blocks.none': ['No trial is complete.', '没有完成的试验。'],
  'figures.best': ['The {shown} best of {all} arms.', '仅显示 {all} 种配置中最优的 {shown} 种。'],
  'figures.curves': ['Learning curves', '学习曲线'],
  'figures.curves.caption': [
    'Learning curves: mean over seeds, the band is one standard deviation.',
    '学习曲线：随机种子均值，色带为一个标准差。',
  ],
  'figures.intervals': ['{metric} of each arm', '各配置的{metric}'],
  'figures.intervals.caption': [
    'Each arm: mean (dot), 95 % interval of the mean (bar) and every seed (ticks).',
    '各配置：均值（圆点）、均值的 95% 置信区间（色条）与各随机种子（短线）。',
  ],
  'figures.intervals.reference': ['Diamonds are published figures.', '菱形为文献值。'],
  'figures.heat-map': ['{metric} by settings', '不同设置下的{metric}'],
  'figures.heat-map.caption': ['{metric}: darker is higher, and better.', '{metric}：颜色越深，数值越高，结果越好。'],
  'figures.heat-map.lower': ['{metric}: darker is lower, and better.', '{metric}：颜色越深，数值越低，结果越好。'],
  'figures.confusion': ['Confusion matrices', '混淆矩阵'],
  'figures.confusion.caption': [
    'Confusion matrices, summed over seeds; shaded by the share of the actual class.',
    '混淆矩阵（对随机种子求和）；颜色表示占真实类别的比例。',
  ],
  'figures.predicted': ['predicted', '预测'],
  'figures.actual': ['actual', '真实'],
  'figures.share': ['share', '比例'],
  'figures.seconds': ['training time (s)', '训练时间 (s)'],
  'figures.pareto': ['{metric} against training time', '{metric}与训练时间'],
  'figures.pareto.caption': [
    'Against training time; the line joins the arms that none beats in both. Whiskers are one standard deviation.',
    '与训练时间的关系；虚线连接在两方面均未被超过的配置。竖线为一个标准差。',
  ],
  'figures.parallel': ['{metric} by all settings', '各项设置与{metric}'],
  'figures.parallel.caption': [
    'A line for each arm through its settings; darker and thicker is better.',
    '每条线为一种配置；颜色越深、线条越粗，结果越好。',
  ],
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
} as const satisfies LabelTable;
