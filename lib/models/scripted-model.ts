import { ErrorClass, HoldfastError } from "../contract/index.ts";
import {
  estimatedUsage,
  type ModelClient,
  type ModelContent,
  type ModelRequest,
  type ModelResponse,
} from "../ports/index.ts";
import type { FaultKind, ModelScript, ScriptedReply } from "./model-script.ts";
import { faultCounter, isError, ScriptedFault, spoilt } from "./script-faults.ts";
import { filled, resultsOf, textOf } from "./script-templates.ts";

export interface ScriptedModel extends ModelClient {
  /** Everything that was asked, with what became of it. */
  readonly calls: readonly ScriptedCall[];
}

export interface ScriptedCall {
  readonly request: ModelRequest;
  readonly outcome: "reply" | "no-reply" | FaultKind;
}

/**
 * A model that says what a script tells: offline, at once, the same to the same request however often that is made.
 *
 * Faults are counted for as long as the model lives: errors by attempts of a call, that is of an `idempotencyKey`; answers
 * that are no good by calls that ask the same. Calls of one run leave those of another as they are.
 *
 * @param script as it was parsed: nothing is checked here, so that no schema library comes along to Lambda.
 * @throws when asked, Holdfast.Permanent with code `script-no-reply`, and errors like those of Bedrock where the script has
 * faults
 */
export function scriptedModel({ replies }: ModelScript): ScriptedModel {
  const calls: ScriptedCall[] = [];
  const faultOf = faultCounter();
  return {
    calls,
    async converse(request) {
      request.signal.throwIfAborted();
      const reply = replies.find(({ when }) => fits(when, request));
      const fault = reply && faultOf(reply, request);
      calls.push({ request, outcome: fault?.fault ?? (reply === undefined ? "no-reply" : "reply") });
      if (reply === undefined) throw noReply(request, "has no reply");
      if (fault !== undefined && isError(fault)) throw new ScriptedFault(fault);
      return spoilt(responseOf(reply, request), fault);
    },
  };
}

const turnOf = ({ messages }: ModelRequest) => messages.filter(({ role }) => role === "assistant").length;

function fits({ turn, model, goal, said, result }: ScriptedReply["when"], request: ModelRequest): boolean {
  const [first, last] = [request.messages[0]?.content ?? [], request.messages.at(-1)?.content ?? []];
  return (
    (turn === undefined || turn === turnOf(request)) &&
    (model === undefined || model === request.model) &&
    (goal === undefined || [request.system, ...textsOf(first)].some((text) => text.includes(goal))) &&
    (said === undefined || textsOf(last).some((text) => text.includes(said))) &&
    (result === undefined || resultTexts(last).some((text) => text.includes(result)))
  );
}

const textsOf = (content: readonly ModelContent[]) =>
  content.flatMap((part) => (part.kind === "text" ? part.text : []));

const resultTexts = (content: readonly ModelContent[]) =>
  content.flatMap((part) => (part.kind === "tool-result" ? JSON.stringify(part.content) : []));

function responseOf({ text, toolCalls, stop, usage }: ScriptedReply, request: ModelRequest): ModelResponse {
  const lookup = resultsOf(request.messages);
  const missing = (template: string) => noReply(request, `names {{${template}}}, which no tool has answered,`);
  const content: ModelContent[] = [
    ...(text === undefined ? [] : [{ kind: "text", text: textOf(filled(text, lookup, missing)) } as const]),
    ...toolCalls.map(({ name, input }, index) => ({
      ...({ kind: "tool-use", id: `${request.idempotencyKey}-${index}`, name } as const),
      input: filled(input, lookup, missing),
    })),
  ];
  return {
    content,
    stop: stop ?? (toolCalls.length > 0 ? "tool-use" : "end"),
    usage: usage ?? estimatedUsage(request, content),
  };
}

const LONGEST_QUOTE = 200;

function noReply(request: ModelRequest, why: string): HoldfastError {
  const last = request.messages.at(-1)?.content ?? [];
  const said = [...textsOf(last), ...resultTexts(last)].join(" ").slice(0, LONGEST_QUOTE);
  return new HoldfastError(
    ErrorClass.Permanent,
    "script-no-reply",
    `The script ${why} for turn ${turnOf(request)} of ${request.model}, when the last thing said was: ${said || "nothing"}`,
  );
}
