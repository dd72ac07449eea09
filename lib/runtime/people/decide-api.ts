import { ErrorClass, HoldfastError, type Json, objectOf, parseJson } from "../../contract/index.ts";
import type { PlatformPorts } from "../ports.ts";
import { decide } from "./decide.ts";
import type { Decider, Decision } from "./decision.ts";
import { packetMarkdown } from "./packet-markdown.ts";
import { askedOf, readEscalation } from "./read.ts";
import { isAmong, requireMember } from "./rules.ts";

/** A request as it came over HTTP, and who sent it, as an authorizer vouches for. */
export interface DecideRequest {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly accept: string;
  readonly body: string;
  /** Absent where nobody has authorized the request. */
  readonly identity: Decider | undefined;
}

export interface DecideResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

type Ports = Pick<PlatformPorts, "store" | "clock" | "chance" | "executions">;

const LARGEST_BODY_BYTES = 128 * 1_024;
const PATH = /^\/escalations(?:\/(?<id>[^/]+)(?<decision>\/decision)?)?$/;

/** The status of each refusal, by its code. */
const STATUS: ReadonlyMap<string, number> = new Map([
  ...["self-approval", "not-allowed"].map((code) => [code, 403] as const),
  ...["unknown", "no-such-route"].map((code) => [code, 404] as const),
  ...["already-decided", "changed", "late"].map((code) => [code, 409] as const),
  ...["invalid-output", "decision-malformed"].map((code) => [code, 422] as const),
  ["no-identity", 401],
  ["audience-missing", 400],
]);

/**
 * Lists escalations, shows one, takes a decision: to those who may decide it. Only a POST decides, and who decides is what the authorizer says,
 * whatever the request itself claims.
 *
 * @returns refusals, too, as `{ error: { code, message } }`.
 * @throws what is no refusal: the caller answers without its details.
 */
export async function answerDecideRequest(ports: Ports, request: DecideRequest): Promise<DecideResponse> {
  try {
    return await route(ports, request);
  } catch (error) {
    const status = error instanceof HoldfastError ? STATUS.get(error.code) : undefined;
    if (!(error instanceof HoldfastError) || status === undefined) throw error;
    return refusal(status, error.code, error.message);
  }
}

/** The answer that says no more than that something is broken. */
export const brokenDecideResponse = (): DecideResponse =>
  refusal(
    500,
    "internal",
    "Something is broken here; whether the decision was taken is not known. Read the escalation.",
  );

async function route(
  ports: Ports,
  { method, path, query, accept, body, identity }: DecideRequest,
): Promise<DecideResponse> {
  if (identity === undefined)
    throw denied("no-identity", "Nobody vouches for who sends this request. Sign it, or send a token.");
  const found = PATH.exec(path);
  const { id, decision } = found?.groups ?? {};
  if (method === "GET" && found !== null && decision === undefined) {
    if (id === undefined) {
      const asked = await askedOf(ports, audiencesOf(query));
      return json(200, { escalations: asked.filter(({ members }) => isAmong(members, identity)) });
    }
    const read = await readEscalation(ports, id);
    requireMember(read.escalation.members, identity);
    return prefersMarkdown(accept) ? markdown(packetMarkdown(read.packet, read.escalation)) : json(200, read);
  }
  if (method === "POST" && id !== undefined && decision !== undefined) {
    const given = readBody(body);
    if ("status" in given) return given;
    return json(200, { escalation: await decide(ports, decisionOf(id, given.content), identity) });
  }
  throw denied(
    "no-such-route",
    "Allowed: GET /escalations?audience=NAME, GET /escalations/ID and POST /escalations/ID/decision.",
  );
}

function audiencesOf(query: URLSearchParams): string[] {
  const audiences = query.getAll("audience").filter(Boolean);
  if (audiences.length > 0) return audiences;
  throw denied(
    "audience-missing",
    "Say whose escalations are asked for: /escalations?audience=NAME, as often as needed.",
  );
}

function readBody(body: string): DecideResponse | { readonly content: Json } {
  const bytes = Buffer.byteLength(body);
  if (bytes > LARGEST_BODY_BYTES) {
    return refusal(413, "decision-malformed", `The body has ${bytes} bytes; at most ${LARGEST_BODY_BYTES} are taken.`);
  }
  const content = parseJson(body);
  return content === undefined ? refusal(400, "decision-malformed", "The body is not JSON.") : { content };
}

/** What of a body is a decision, and nothing else of it; whether it is a whole one, `decide` says. */
function decisionOf(id: string, content: Json): Decision {
  const { decision, digest, note = "", output, raise } = objectOf(content);
  return {
    id,
    decision,
    digest,
    note,
    ...(output === undefined ? {} : { output }),
    ...(raise === undefined ? {} : { raise }),
  } as Decision;
}

/** Whether Markdown is wanted more than JSON (RFC 9110, section 12.5.1; only what is named counts). */
function prefersMarkdown(accept: string): boolean {
  const weights = new Map(
    accept.split(",").map((range): [string, number] => {
      const [type = "", ...parameters] = range.split(";").map((part) => part.trim().toLowerCase());
      return [type, Number(parameters.find((each) => each.startsWith("q="))?.slice(2) ?? 1)];
    }),
  );
  return (weights.get("text/markdown") ?? 0) > (weights.get("application/json") ?? 0);
}

const json = (status: number, body: object) => respond(status, "application/json", JSON.stringify(body));
const markdown = (text: string) => respond(200, "text/markdown; charset=utf-8", text);
const refusal = (status: number, code: string, message: string) => json(status, { error: { code, message } });
const denied = (code: string, message: string) => new HoldfastError(ErrorClass.Denied, code, message);

const respond = (status: number, type: string, body: string): DecideResponse => ({
  status,
  headers: { "content-type": type, "cache-control": "no-store", "x-content-type-options": "nosniff" },
  body,
});
