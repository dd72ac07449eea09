/**
 * The exact 95 % upper bound on the probability that a run violates an invariant, after so many runs of which so many
 * did: that of Clopper and Pearson, one-sided. With none it is 1 - 0.05^(1/runs).
 */
export function upperBound95(runs: number, violating: number): number {
  if (violating >= runs) return 1;
  if (violating === 0) return 1 - 0.05 ** (1 / runs);
  let [low, high] = [violating / runs, 1];
  for (let round = 0; round < 100; round += 1) {
    const middle = (low + high) / 2;
    if (atMost(violating, runs, middle) > 0.05) low = middle;
    else high = middle;
  }
  return high;
}

/** The probability of at most so many successes. */
function atMost(successes: number, trials: number, probability: number): number {
  let logTerm = trials * Math.log1p(-probability);
  let sum = Math.exp(logTerm);
  for (let count = 1; count <= successes; count += 1) {
    logTerm += Math.log((trials - count + 1) / count) + Math.log(probability) - Math.log1p(-probability);
    sum += Math.exp(logTerm);
  }
  return sum;
}
