import { type Layer, readLayers } from "./layer.ts";
import { isOfOneRequest, isSurelyNotApplied } from "./surely-not-applied.ts";

const SERVICE_UNAVAILABLE = 503;

/**
 * Whether an error proves that nothing was served, so that nobody asks money for it: whoever was asked was never reached,
 * refused, or had nobody to serve it (503), and was asked once. It proves less than that nothing took effect.
 */
export const isSurelyUnserved = (thrown: unknown): boolean =>
  isSurelyNotApplied(thrown) || (statusOf(readLayers(thrown)) === SERVICE_UNAVAILABLE && isOfOneRequest(thrown));

const statusOf = ({ status, cause }: Layer): number | undefined => status ?? (cause && statusOf(cause));
