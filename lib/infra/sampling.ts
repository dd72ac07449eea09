/** Of the runs beyond one a second, when nothing is said: as X-Ray has it where there is no rule. */
const USUAL = 0.05;

/**
 * How many of the runs beyond the first of each second are traced, as given by `-c sampling=RATE`.
 *
 * @returns from 0 to 1.
 * @throws RangeError for what is no such number.
 */
export function samplingRate(given: unknown = USUAL): number {
  const rate =
    typeof given === "number" ? given : typeof given === "string" && given !== "" ? Number(given) : Number.NaN;
  if (rate >= 0 && rate <= 1) return rate;
  throw new RangeError(
    `sampling ${JSON.stringify(given)} is no rate. Allowed: 0 to 1, as in "cdk synth -c sampling=0.05".`,
  );
}
