import { type Parsed, realm } from "../../lib/local/engine/expression/realm.ts";

/** So many expressions are remembered; then all are forgotten. */
const MOST = 50_000;

/**
 * Lets expressions that many machines have in common be parsed once in the life of the process. Parsing is most of what a
 * simulation would cost otherwise. Calling it again changes nothing.
 */
export function parseOnce(): void {
  const shared = realm();
  if (Object.hasOwn(shared, "parse")) return;
  const parse = shared.parse.bind(shared);
  const known = new Map<string, Parsed>();
  shared.parse = (source) => {
    const found = known.get(source);
    if (found !== undefined) return found;
    if (known.size >= MOST) known.clear();
    const parsed = parse(source);
    known.set(source, parsed);
    return parsed;
  };
}
