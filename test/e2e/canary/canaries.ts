const canary = (where: string) => `c4nary-${where}-7Qx`;

/** What nobody may see but whoever it was given to. Each stands under the name of a secret, in the form of one, or in a field marked as such. */
export const SECRETS = {
  input: canary("input-password"),
  marked: canary("input-marked"),
  requestHeader: canary("request-header"),
  responseHeader: canary("response-header"),
  action: canary("action-token"),
  output: canary("output-token"),
  message: canary("error-password"),
  cause: canary("cause-password"),
  nested: canary("nested-password"),
  logged: canary("logged-password"),
  hook: canary("hook-secret"),
  bearer: canary("decide-bearer"),
  modelKey: canary("model-key"),
  modelText: canary("model-token"),
  shopKey: canary("shop-key"),
  toolInput: canary("tool-input-password"),
  toolOutput: canary("tool-output-token"),
  toolError: canary("tool-error-password"),
} as const;

/** Of these, what is known to who calls with it alone: nothing that is kept of a run has it. */
export const KEYS = {
  hook: SECRETS.hook,
  bearer: SECRETS.bearer,
  modelKey: SECRETS.modelKey,
  shopKey: SECRETS.shopKey,
} as const;

/**
 * Payload: people see it where they are asked, and where they ask for what a run has done (`show`, `escalation`, the output
 * of a run); telemetry and announcements never have it.
 */
export const PAYLOAD = {
  inputNote: canary("input-note"),
  actionNote: canary("action-note"),
  outputNote: canary("output-note"),
  errorText: canary("error-text"),
  causeText: canary("cause-text"),
  personNote: canary("decision-note"),
  modelNote: canary("model-note"),
  modelQuestion: canary("model-question"),
  toolInputNote: canary("tool-input-note"),
  toolOutputNote: canary("tool-output-note"),
  toolErrorText: canary("tool-error-text"),
} as const;

/** The canaries in a text, plain or in base64. */
export const canariesIn = (text: string, canaries: Readonly<Record<string, string>>): string[] =>
  Object.entries(canaries)
    .filter(([, value]) => text.includes(value) || text.includes(Buffer.from(value).toString("base64").slice(0, -4)))
    .map(([name]) => name);
