import { holdfastClass } from "./holdfast-class.ts";
import { firstOf, isObject, read, textOf } from "./read.ts";
import { bodiesOf, codesOf, partsOf, statusOf } from "./structure.ts";

/** One error of a chain, as far as libraries agree on what errors look like. */
export interface Layer {
  readonly value: unknown;
  readonly name: string | undefined;
  /** The most specific first: those in the body of an answer before the error's own. */
  readonly codes: readonly string[];
  /** HTTP */
  readonly status: number | undefined;
  /** The errors that this one holds. */
  readonly parts: readonly Layer[];
  readonly cause: Layer | undefined;
}

/** Bounds the work for chains that never end, such as a getter that answers with a new error each time. */
const MOST_LAYERS = 50;

/** An error with its parts and causes, each once. Never throws, whatever the value does on being read. */
export function readLayers(thrown: unknown): Layer {
  const seen = new Set<unknown>();
  const within = (value: unknown): Layer[] =>
    !isObject(value) || seen.has(value) || seen.size >= MOST_LAYERS ? [] : [layerOf(value)];
  const layerOf = (value: unknown): Layer => {
    seen.add(value);
    const name = textOf(read(value, "name"));
    const bodies = bodiesOf(value);
    const isSettled = holdfastClass(name) !== undefined;
    return {
      value,
      name,
      codes: [...bodies, value].flatMap(codesOf),
      status: firstOf([value, ...bodies], statusOf),
      parts: isSettled ? [] : partsOf(value).flatMap(within),
      cause: isSettled ? undefined : within(read(value, "cause"))[0],
    };
  };
  return layerOf(thrown);
}

/** All errors of a chain, the outermost first. */
export const layersOf = (layer: Layer): Layer[] => [
  layer,
  ...layer.parts.flatMap(layersOf),
  ...(layer.cause === undefined ? [] : layersOf(layer.cause)),
];
