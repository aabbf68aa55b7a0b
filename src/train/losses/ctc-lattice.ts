/**
 * The forward–backward lattice of connectionist temporal classification (Graves, Fernández, Gomez, Schmidhuber 2006,
 * section 4), in log space. The states are the target with blanks between and around: b t₁ b t₂ b; the blank is the
 * last output.
 */

/** log p(target | logP), logP [T, outputs] row-major; −∞ when T is too short for the target. */
export function ctcLogLikelihood(logP: Float64Array, outputs: number, target: readonly number[]): number {
  const states = latticeStates(target, outputs - 1);
  return endOf(forward(logP, outputs, states), states.length);
}

/** [T, outputs]: the posterior probability, given the target, that each step emits each output; zeros when impossible. */
export function ctcOccupancy(logP: Float64Array, outputs: number, target: readonly number[]): Float64Array {
  const states = latticeStates(target, outputs - 1);
  const width = states.length;
  const alpha = forward(logP, outputs, states);
  const beta = backward(logP, outputs, states);
  const likelihood = endOf(alpha, width);
  const occupancy = new Float64Array(logP.length);
  if (likelihood === -Infinity) return occupancy;
  for (let i = 0; i < alpha.length; i++) {
    const t = Math.floor(i / width);
    const at = t * outputs + states[i % width]!;
    occupancy[at]! += Math.exp(alpha[i]! + beta[i]! - likelihood);
  }
  return occupancy;
}

function latticeStates(target: readonly number[], blank: number): Int32Array {
  const states = new Int32Array(2 * target.length + 1).fill(blank);
  target.forEach((label, i) => {
    states[2 * i + 1] = label;
  });
  return states;
}

/** [T, states]: log probability of all paths up to and including step t that end in state s. */
function forward(logP: Float64Array, outputs: number, states: Int32Array): Float64Array {
  const time = logP.length / outputs;
  const width = states.length;
  const alpha = new Float64Array(time * width).fill(-Infinity);
  for (let t = 0; t < time; t++) {
    for (let s = 0; s < width; s++) {
      const emission = logP[t * outputs + states[s]!]!;
      if (t === 0) {
        if (s < 2) alpha[s] = emission;
        continue;
      }
      const before = (t - 1) * width + s;
      let sum = alpha[before]!;
      if (s > 0) sum = logAdd(sum, alpha[before - 1]!);
      if (skips(states, s)) sum = logAdd(sum, alpha[before - 2]!);
      alpha[t * width + s] = sum + emission;
    }
  }
  return alpha;
}

/** [T, states]: log probability of all paths after step t from state s to the end. */
function backward(logP: Float64Array, outputs: number, states: Int32Array): Float64Array {
  const time = logP.length / outputs;
  const width = states.length;
  const beta = new Float64Array(time * width).fill(-Infinity);
  for (let t = time - 1; t >= 0; t--) {
    for (let s = 0; s < width; s++) {
      if (t === time - 1) {
        if (s >= width - 2) beta[t * width + s] = 0;
        continue;
      }
      const step = (next: number): number => beta[(t + 1) * width + next]! + logP[(t + 1) * outputs + states[next]!]!;
      let sum = step(s);
      if (s + 1 < width) sum = logAdd(sum, step(s + 1));
      if (s + 2 < width && skips(states, s + 2)) sum = logAdd(sum, step(s + 2));
      beta[t * width + s] = sum;
    }
  }
  return beta;
}

/** A path may end in the last label or in the blank after it. */
function endOf(alpha: Float64Array, width: number): number {
  const last = alpha.length - 1;
  if (last < 0) return width === 1 ? 0 : -Infinity;
  return width === 1 ? alpha[last]! : logAdd(alpha[last]!, alpha[last - 1]!);
}

/** Whether state s may be entered from two states before: not into a blank, and not between equal labels. */
function skips(states: Int32Array, s: number): boolean {
  return s >= 2 && s % 2 === 1 && states[s] !== states[s - 2];
}

function logAdd(a: number, b: number): number {
  const larger = Math.max(a, b);
  return larger === -Infinity ? -Infinity : larger + Math.log1p(Math.exp(Math.min(a, b) - larger));
}
