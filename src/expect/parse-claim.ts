import { nearest } from '../pipeline/nearest.js';
import type { TrialState } from '../trial/result.js';
import type { Claim, ClaimMistake, ClaimOperator, ClaimSpan, MetricOperand } from './claim.js';
import { parseSelector } from './parse-selector.js';
import { type Token, tokensOf } from './tokens.js';

export type ParsedClaim =
  | { readonly claim: Claim; readonly mistake: null }
  | { readonly claim: null; readonly mistake: ClaimMistake };

/**
 * Reads one line of `expect`:
 *
 *     claim      = state | comparison
 *     state      = "state" [selector] "=" ("complete" | "failed" | …)
 *     comparison = operand (">=" | "<=" | ">" | "<") operand ["!"] | operand "≈" operand "within" number
 *     operand    = metric [selector] | number                          (one of the two is a metric)
 *     metric     = ("train" | "validation" | "test" | "timing") "." name
 *     selector   = "[" (path "=" value {"," path "=" value} | variant's name) "]"
 *
 * `≥`, `≤` and `~=` are read as `>=`, `<=` and `≈`; a number may end in `%`.
 */
export function parseClaim(text: string): ParsedClaim {
  try {
    return { claim: new Reader(tokensOf(text)).claim(), mistake: null };
  } catch (error) {
    if (error instanceof Mistake) return { claim: null, mistake: error.mistake };
    throw error;
  }
}

class Mistake extends Error {
  readonly mistake: ClaimMistake;
  constructor({ start, end }: ClaimSpan, message: string, hint: string | null = null) {
    super(message);
    this.mistake = { start, end, message, hint };
  }
}

const STATES: readonly TrialState[] = ['complete', 'failed', 'diverged', 'timed_out', 'killed', 'cancelled', 'skipped'];
const SPLITS = ['train', 'validation', 'test', 'timing'];
const OPERATORS: { readonly [text: string]: ClaimOperator } = {
  '>=': '>=',
  '≥': '>=',
  '<=': '<=',
  '≤': '<=',
  '>': '>',
  '<': '<',
  '≈': '≈',
  '~=': '≈',
};
const FLIPPED: { readonly [operator in ClaimOperator]: ClaimOperator } = {
  '>=': '<=',
  '<=': '>=',
  '>': '<',
  '<': '>',
  '≈': '≈',
};
const EXAMPLE = 'A claim looks like `test.accuracy[model.cell=lstm] >= 0.84`.';

class Reader {
  readonly #tokens: readonly Token[];
  #at = 0;

  constructor(tokens: readonly Token[]) {
    this.#tokens = tokens;
  }

  claim(): Claim {
    const first = this.#peek();
    const claim = first.kind === 'name' && first.text === 'state' ? this.#state() : this.#comparison();
    const rest = this.#peek();
    if (rest.kind !== 'end') throw new Mistake(rest, `expected the end of the claim, found \`${rest.text}\``, EXAMPLE);
    return claim;
  }

  #state(): Claim {
    const name = this.#next();
    const { arm, span } = this.#selector(name);
    const equals = this.#next();
    if (equals.text !== '=' && equals.text !== '==') {
      throw new Mistake(
        equals,
        `expected \`=\` after \`state\`, found ${foundText(equals)}`,
        'Write `state = complete`.',
      );
    }
    const word = this.#next();
    const state = STATES.find((known) => known === word.text);
    if (state === undefined) {
      const near = nearest(word.text, STATES);
      const hint = near === null ? null : `Did you mean \`${near}\`?`;
      throw new Mistake(
        word,
        `expected a state (${STATES.map((known) => `\`${known}\``).join(', ')}), found ${foundText(word)}`,
        hint,
      );
    }
    return { kind: 'state', arm, selector: span, state };
  }

  #comparison(): Claim {
    const start = this.#peek();
    const left = this.#operand();
    const operator = this.#operator();
    const right = this.#operand();
    const within = operator === '≈' ? this.#within() : null;
    const bang = this.#peek();
    const significant = bang.kind === 'bang';
    if (significant) {
      this.#next();
      if (operator === '≈') throw new Mistake(bang, '`!` asks for a difference, `≈` for none', 'Leave the `!` out.');
    }
    if (typeof left !== 'number') return { kind: 'comparison', left, operator, right, within, significant };
    if (typeof right === 'number') {
      throw new Mistake(
        { start: start.start, end: this.#before().end },
        'expected a metric on one side at least, found two numbers',
        EXAMPLE,
      );
    }
    return { kind: 'comparison', left: right, operator: FLIPPED[operator], right: left, within, significant };
  }

  #operand(): MetricOperand | number {
    const token = this.#next();
    if (token.kind === 'number') return numberOf(token.text);
    if (token.kind !== 'name')
      throw new Mistake(token, `expected a metric or a number, found ${foundText(token)}`, EXAMPLE);
    const [split = '', figure] = token.text.split('.');
    if (!SPLITS.includes(split) || figure === undefined || !/^(\w+)\.[a-z_0-9]+$/.test(token.text)) {
      const near = nearest(split, SPLITS);
      const hint =
        near !== null && near !== split ? `Did you mean \`${[near, figure ?? 'accuracy'].join('.')}\`?` : EXAMPLE;
      throw new Mistake(token, `expected a metric such as \`test.accuracy\`, found \`${token.text}\``, hint);
    }
    const { arm, span, end } = this.#selector(token);
    return { metric: token.text, arm, selector: span, start: token.start, end };
  }

  #selector(owner: Token): { readonly arm: MetricOperand['arm']; readonly span: ClaimSpan; readonly end: number } {
    const token = this.#peek();
    if (token.kind !== 'selector') return { arm: null, span: owner, end: owner.end };
    this.#next();
    if (!token.text.endsWith(']')) throw new Mistake(token, 'this bracket is not closed', 'Add the `]`.');
    const parsed = parseSelector(token.text.slice(1, -1));
    if (parsed.mistake !== null) {
      const { start, end, message, hint } = parsed.mistake;
      const from = token.start + 1;
      throw new Mistake({ start: from + start, end: from + Math.max(end, start + 1) }, message, hint);
    }
    return { arm: parsed.arm, span: { start: token.start + 1, end: token.end - 1 }, end: token.end };
  }

  #operator(): ClaimOperator {
    const token = this.#next();
    const operator = token.kind === 'operator' ? OPERATORS[token.text] : undefined;
    if (operator !== undefined) return operator;
    const equality = ['=', '==', '!='].includes(token.text);
    const hint = equality ? 'Measured figures are never equal: say how near, `≈ 0.86 within 0.01`.' : EXAMPLE;
    throw new Mistake(token, `expected \`>=\`, \`<=\`, \`>\`, \`<\` or \`≈\`, found ${foundText(token)}`, hint);
  }

  #within(): number {
    const word = this.#next();
    const hint = 'Say how near: `test.accuracy ≈ 0.86 within 0.01`.';
    if (word.text !== 'within')
      throw new Mistake(word, `expected \`within\` and a number after \`≈\`, found ${foundText(word)}`, hint);
    const token = this.#next();
    const tolerance = token.kind === 'number' ? numberOf(token.text) : Number.NaN;
    if (!(tolerance >= 0)) throw new Mistake(token, `expected a number from 0, found ${foundText(token)}`, hint);
    return tolerance;
  }

  #peek(): Token {
    return this.#tokens[this.#at]!;
  }

  #next(): Token {
    const token = this.#peek();
    if (token.kind !== 'end') this.#at++;
    return token;
  }

  #before(): Token {
    return this.#tokens[this.#at - 1]!;
  }
}

function numberOf(text: string): number {
  return text.endsWith('%') ? Number(text.slice(0, -1)) / 100 : Number(text);
}

function foundText({ kind, text }: Token): string {
  return kind === 'end' ? 'the end of the claim' : `\`${text}\``;
}
