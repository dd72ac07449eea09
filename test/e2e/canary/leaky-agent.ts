import { PAYLOAD, SECRETS } from "./canaries.ts";

const CALL = {
  type: "object",
  properties: { note: { type: "string" }, password: { type: "string" } },
  required: ["note"],
};
const TOOL = {
  ...{ description: "Does as it is told.", input: CALL, output: { type: "object" }, effect: "read", timeout: "5s" },
  ...{ idempotency: "keyed", breaker: { failures: 50, halfOpenAfter: "1s" }, health: "calls", fallback: "none" },
};

/**
 * An agent whose handlers, tools and model are careless with everything they know, and fail in every way.
 *
 * @param api of {@link startLeakyServices}
 */
export const leakyAgent = (api: string) => ({
  input: {
    type: "object",
    properties: {
      id: { type: "string" },
      requestedBy: { type: "string" },
      note: { type: "string" },
      password: { type: "string" },
      iban: { type: "string", sensitive: true },
      api: { type: "string" },
    },
    required: ["id", "requestedBy"],
  },
  requester: "requestedBy",
  budget: { steps: 40 },
  tools: {
    look: { ...TOOL, handler: "./look.mjs" },
    shop: { ...TOOL, http: { url: `${api}shop`, method: "POST", auth: { secret: "shop/api" } } },
    book: { ...TOOL, effect: "write", handler: "./book.mjs" },
  },
  models: {
    "openai/leaky": {
      prices: { input: 1, output: 2 },
      endpoint: { url: `${api}v1`, auth: { secret: "openai/key" } },
    },
  },
  escalations: {
    desk: {
      tiers: [
        {
          audience: "clerks",
          within: "4h",
          webhook: { url: "https://hooks.example.com/escalations", secret: "escalations/hook" },
        },
      ],
      otherwise: "compensate",
    },
  },
  steps: [
    {
      kind: "task",
      name: "fetch",
      handler: "./fetch.mjs",
      effect: "read",
      input: {
        api: { $from: "input.api" },
        password: { $from: "input.password" },
        note: { $from: "input.note" },
      },
      output: { type: "object" },
    },
    {
      kind: "reason",
      name: "think",
      goal: "Find out what is to be paid.",
      instructions: "Be careless.",
      tools: ["look", "shop", "book"],
      models: { first: "openai/leaky" },
      input: {
        id: { $from: "input.id" },
        iban: { $from: "input.iban" },
        password: { $from: "input.password" },
        note: { $from: "input.note" },
      },
      output: { type: "object" },
      compensate: "./undo.mjs",
    },
    {
      kind: "task",
      name: "pay",
      handler: "./pay.mjs",
      compensate: "./undo.mjs",
      input: { id: { $from: "input.id" }, iban: { $from: "input.iban" }, fetched: { $from: "fetch" } },
      output: { type: "object" },
    },
    { kind: "task", name: "tell", handler: "./tell.mjs", effect: "read", output: { type: "object" } },
  ],
});

export const DETAIL = {
  note: PAYLOAD.inputNote,
  password: SECRETS.input,
  iban: SECRETS.marked,
};

/** An error as HTTP clients throw them: with request, response and causes. */
const FAILURE = `
const failure = (words, more) => Object.assign(
  new Error(words + " ${PAYLOAD.errorText} password=${SECRETS.message}", {
    cause: new Error("${PAYLOAD.causeText} secret=${SECRETS.cause}", {
      cause: { password: "${SECRETS.nested}", text: "token=${SECRETS.nested}" },
    }),
  }),
  {
    config: { headers: { authorization: "Bearer ${SECRETS.requestHeader}" } },
    $response: { headers: { "set-cookie": "session=${SECRETS.responseHeader}" } },
    ...more,
  },
);
const careless = (log, error) => {
  for (const say of ["debug", "info", "warn", "error"]) {
    log[say]("asked with password=${SECRETS.logged}", {
      error,
      password: "${SECRETS.logged}",
      headers: { authorization: "Bearer ${SECRETS.requestHeader}", cookie: "session=${SECRETS.responseHeader}" },
      text: "Authorization: Bearer ${SECRETS.requestHeader}",
    });
  }
};
`;

export const LEAKY_MODULES = {
  "fetch.mjs": `${FAILURE}
export const run = async (input, context) => {
  careless(context.log, failure("Looked at."));
  if (context.attempt === 1) throw failure("The connection was reset.", { code: "ECONNRESET" });
  const answer = await context.action("call", async () => {
    const headers = { authorization: "Bearer ${SECRETS.requestHeader}", cookie: "session=${SECRETS.requestHeader}" };
    const response = await fetch(input.api, { headers });
    return { note: "${PAYLOAD.actionNote}", token: "${SECRETS.action}", cookie: response.headers.get("set-cookie") };
  });
  return { note: "${PAYLOAD.outputNote}", token: "${SECRETS.output}", cookie: answer.cookie };
};`,
  "look.mjs": `${FAILURE}
const seen = new Set();
export const run = async ({ note }, { given, idempotencyKey }) => {
  const isFirst = !seen.has(idempotencyKey);
  seen.add(idempotencyKey);
  const words = "${PAYLOAD.toolErrorText} token=${SECRETS.toolError}";
  if (isFirst) throw failure(words, { code: "ECONNRESET" });
  if (note.startsWith("refuse")) throw failure(words, { status: 400 });
  return { note: "${PAYLOAD.toolOutputNote}", token: "${SECRETS.toolOutput}", given };
};`,
  "book.mjs": `
export const run = async () => ({ note: "${PAYLOAD.toolOutputNote}", token: "${SECRETS.toolOutput}" });`,
  "pay.mjs": `
export const run = async (input, context) =>
  context.action("pay", async () => ({ note: "${PAYLOAD.outputNote}", token: "${SECRETS.output}" }));`,
  "undo.mjs": `
export const run = async ({ output }, context) =>
  context.action("undo", async () => ({ note: "${PAYLOAD.actionNote}", token: output?.token ?? null }));`,
  "tell.mjs": `${FAILURE}
export const run = async (input, context) => {
  const error = failure('Refused: {"password":"${SECRETS.message}"}', { status: 400 });
  careless(context.log, error);
  throw error;
};`,
};
