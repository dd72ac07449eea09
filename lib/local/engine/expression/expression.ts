import type { Json } from "../../../contract/index.ts";
import { isBounded } from "./bounded.ts";
import { ASK_JSONATA, followPath, parsePlainPath } from "./plain-path.ts";
import { type Evaluated, type Parsed, type Realm, realm, type ThrownByJsonata } from "./realm.ts";
import type { Surroundings } from "./surroundings.ts";
import { toJson, ValueTooLarge } from "./to-json.ts";

/** What names mean where an expression is evaluated, and where its time and chance come from. */
export interface Evaluation {
  /** The value of a variable, `states` included. */
  lookup(variable: string): Json | undefined;
  /** All variables, `states` included. */
  bindings(): Readonly<Record<string, Json>>;
  readonly surroundings: Surroundings;
  readonly timeBox: TimeBox;
}

/**
 * Runs what may take too long, and passes on its outcome: undefined when it ran out of time. Since that is the one thing
 * that another evaluation of the same might not repeat, a time box can remember it.
 */
export type TimeBox = <Outcome>(evaluate: (limitMs: number) => Outcome | undefined) => Outcome | undefined;

export interface Expression {
  /** Without the `{% %}`. */
  readonly source: string;
  /** @throws {@link ExpressionFailure} unless there is a value. */
  evaluate(evaluation: Evaluation): Json;
}

const OUT_OF_TIME: ThrownByJsonata = {
  code: "U1001",
  message: "Expression evaluation timeout: Check for infinite loop",
};

/** Says what went wrong in AWS's words, to follow "The JSONata expression '…' specified for the field '…'". */
export class ExpressionFailure extends Error {
  override readonly name = "ExpressionFailure";
}

/** @throws {@link ThrownByJsonata} where the source does not parse. */
export function compileExpression(source: string): Expression {
  const path = parsePlainPath(source);
  const general = interpreted(source);
  if (path === undefined) return general;
  return {
    source,
    evaluate(evaluation) {
      const start = evaluation.lookup(path.variable);
      const value = start === undefined ? ASK_JSONATA : followPath(path.fields, start);
      return value === ASK_JSONATA ? general.evaluate(evaluation) : defined(value);
    },
  };
}

function interpreted(source: string): Expression {
  let owner: Realm = realm();
  let parsed: Parsed = owner.parse(source);
  const guarded = !isBounded(parsed.ast());
  const run = (evaluation: Evaluation, limitMs: number | undefined) => {
    if (owner !== realm()) {
      owner = realm();
      parsed = owner.parse(source);
    }
    return owner.evaluate(parsed, evaluation.bindings(), evaluation.surroundings, limitMs);
  };
  return {
    source,
    evaluate(evaluation) {
      const outcome = guarded ? evaluation.timeBox((limitMs) => run(evaluation, limitMs)) : run(evaluation, undefined);
      return jsonOf(outcome ?? { error: OUT_OF_TIME });
    },
  };
}

function jsonOf(outcome: Evaluated): Json {
  if ("error" in outcome) throw new ExpressionFailure(`threw an error during evaluation. ${describe(outcome.error)}`);
  const { value } = outcome;
  if (typeof value === "string" || typeof value === "boolean" || value === null) return value;
  if (typeof value === "function" || isJsonataFunction(value)) return defined(undefined);
  try {
    return defined(value === undefined ? undefined : toJson(value).value);
  } catch (error) {
    if (error instanceof ValueTooLarge)
      throw new ExpressionFailure(`threw an error during evaluation. ${error.message}`);
    throw error;
  }
}

const isJsonataFunction = (value: unknown) =>
  typeof value === "object" && value !== null && ("_jsonata_function" in value || "_jsonata_lambda" in value);

function defined(value: Json | undefined): Json {
  if (value === undefined) throw new ExpressionFailure("returned nothing (undefined).");
  return value;
}

const describe = ({ code, message }: ThrownByJsonata) =>
  [code, message].filter((part) => part !== undefined).join(": ");
