import type { Json } from "../../../../contract/index.ts";
import { realm } from "../../expression/realm.ts";
import { jsonataOf } from "../../expression/template.ts";
import type { Diagnostic } from "../invalid-definition.ts";
import type { RawRegion, RawState } from "../raw.ts";

/** Every expression parses, and reads `$states.result` and `$states.errorOutput` only where there is one. */
export function expressions(regions: readonly RawRegion[]): Diagnostic[] {
  return regions
    .flatMap(({ states }) => states)
    .filter(({ queryLanguage }) => queryLanguage === "JSONata")
    .flatMap(checkState);
}

interface Place {
  readonly state: RawState;
  /** Fields from the state down to the expression, indices included. */
  readonly path: readonly string[];
}

const NESTED_STATES = new Set(["Branches", "ItemProcessor"]);
const NEVER_EVALUATED = new Set(["Type", "Comment", "QueryLanguage", "Resource", "Next", "Default", "Label"]);
const HAS_RESULT = new Set(["Task", "Parallel", "Map"]);

function checkState(state: RawState): Diagnostic[] {
  return Object.entries(state.source)
    .filter(([field]) => !NESTED_STATES.has(field) && !NEVER_EVALUATED.has(field))
    .flatMap(([field, value]) => checkValue(value, { state, path: [field] }));
}

function checkValue(value: Json, place: Place): Diagnostic[] {
  if (typeof value === "string") return checkText(value, place);
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, part]) => checkValue(part, { ...place, path: [...place.path, key] }));
}

function checkText(text: string, place: Place): Diagnostic[] {
  const source = jsonataOf(text);
  const location = [place.state.location, ...place.path].join("/");
  if (source === undefined) return [];
  const problems = problemsOf(source, place);
  return problems.map((message) => ({ code: "SCHEMA_VALIDATION_FAILED", message, location }));
}

function problemsOf(source: string, place: Place): string[] {
  try {
    const read = statesFieldsOf(realm().parse(source).ast());
    return [
      ...(read.has("result") && !mayReadResult(place) ? ["$states.result is not available in this field"] : []),
      ...(read.has("errorOutput") && !mayReadErrorOutput(place)
        ? ["$states.errorOutput is not available in this field"]
        : []),
    ];
  } catch (error) {
    const reason = error instanceof Error || hasMessage(error) ? error.message : String(error);
    return [`The JSONata expression '${source}' is not valid: ${reason}`];
  }
}

const hasMessage = (error: unknown): error is { readonly message: string } =>
  typeof error === "object" && error !== null && "message" in error && typeof error.message === "string";

const mayReadResult = ({ state, path }: Place) =>
  HAS_RESULT.has(String(state.source.Type)) && (path[0] === "Output" || path[0] === "Assign");

const mayReadErrorOutput = ({ path }: Place) => path[0] === "Catch" && (path[2] === "Output" || path[2] === "Assign");

/** Which fields of `$states` a syntax tree reads by name. */
function statesFieldsOf(tree: unknown): ReadonlySet<string> {
  const fields = new Set<string>();
  const queue = new Set([tree]);
  for (const node of queue) {
    if (typeof node !== "object" || node === null) continue;
    for (const part of Object.values(node)) queue.add(part);
    const field = statesFieldOf(node);
    if (field !== undefined) fields.add(field);
  }
  return fields;
}

function statesFieldOf(node: object): string | undefined {
  if (!("type" in node) || node.type !== "path" || !("steps" in node) || !Array.isArray(node.steps)) return undefined;
  const [first, second] = node.steps;
  return first?.type === "variable" && first.value === "states" ? String(second?.value) : undefined;
}
