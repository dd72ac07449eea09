import { PAYLOAD, SECRETS } from "./canaries.ts";

/** An agent whose handlers are careless with everything they know, and fail in every way. `api` is an HTTP server of the test. */
export const LEAKY_AGENT = {
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
      kind: "task",
      name: "pay",
      handler: "./pay.mjs",
      compensate: "./undo.mjs",
      input: { id: { $from: "input.id" }, iban: { $from: "input.iban" }, fetched: { $from: "fetch" } },
      output: { type: "object" },
    },
    { kind: "task", name: "tell", handler: "./tell.mjs", effect: "read", output: { type: "object" } },
  ],
};

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
  "pay.mjs": `
export const run = async (input, context) =>
  context.action("pay", async () => ({ note: "${PAYLOAD.outputNote}", token: "${SECRETS.output}" }));`,
  "undo.mjs": `
export const run = async ({ output }, context) =>
  context.action("undo", async () => ({ note: "${PAYLOAD.actionNote}", token: output.token }));`,
  "tell.mjs": `${FAILURE}
export const run = async (input, context) => {
  const error = failure('Refused: {"password":"${SECRETS.message}"}', { status: 400 });
  careless(context.log, error);
  throw error;
};`,
};
