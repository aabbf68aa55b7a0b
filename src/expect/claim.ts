import type { TrialState } from '../trial/result.js';
import type { WantedArm } from './match-arm.js';

/** A part of a claim's text, in offsets; `end` is exclusive. */
export interface ClaimSpan {
  readonly start: number;
  readonly end: number;
}

/** `test.accuracy[model.cell=lstm]`: a figure of the arms that are meant, or of every arm. */
export interface MetricOperand extends ClaimSpan {
  readonly metric: string;
  readonly arm: WantedArm | null;
  /** Where the brackets' content stands; the metric itself without brackets. */
  readonly selector: ClaimSpan;
}

export type ClaimOperator = '>=' | '<=' | '>' | '<' | '≈';

/** `state = complete`: how the trials of the arms that are meant, or of every arm, ended. */
export interface StateClaim {
  readonly kind: 'state';
  readonly arm: WantedArm | null;
  readonly selector: ClaimSpan;
  readonly state: TrialState;
}

/** A figure compared with a number or with another figure. */
export interface ComparisonClaim {
  readonly kind: 'comparison';
  readonly left: MetricOperand;
  readonly operator: ClaimOperator;
  readonly right: MetricOperand | number;
  /** The tolerance of ≈. */
  readonly within: number | null;
  /** `!`: the difference must be more than chance. */
  readonly significant: boolean;
}

export type Claim = StateClaim | ComparisonClaim;

/** Why a text is no claim, and where. */
export interface ClaimMistake extends ClaimSpan {
  readonly message: string;
  readonly hint: string | null;
}
