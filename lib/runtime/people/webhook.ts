import { createHmac } from "node:crypto";
import { ErrorClass, HoldfastError } from "../../contract/index.ts";
import type { Webhook } from "../../definition/index.ts";
import type { Clock, EscalationNotice, Secrets } from "../../ports/index.ts";
import { meaningOfStatus } from "../classify/http-status.ts";

/** Announces an escalation to a webhook. May be repeated for the same one. */
export type WebhookSender = (webhook: Webhook, notice: EscalationNotice) => Promise<void>;

export interface WebhookPorts {
  readonly secrets: Secrets;
  readonly clock: Clock;
  readonly post: typeof fetch;
}

const TIMEOUT_MS = 5_000;
const PREFIX = "whsec_";

/**
 * Sends notices as POSTs of JSON, signed after Standard Webhooks 1.0. A repeat has the same `webhook-id`, by which whoever
 * gets it knows it for one. Follows no redirects, waits 5 seconds at most, and tries once. What it throws unless the answer
 * is 2xx has the code `webhook-failed`, and names of the URL the host alone.
 *
 * Source: https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
 */
export const webhookSender =
  ({ secrets, clock, post }: WebhookPorts): WebhookSender =>
  async ({ url, secret }, notice) => {
    const { host } = new URL(url);
    const key = keyOf(secret, await secrets.read(secret));
    const id = notice.group === undefined ? notice.id : `${notice.id}_${notice.group}`;
    const timestamp = String(Math.floor(clock.now() / 1_000));
    const body = JSON.stringify(notice);
    const signature = createHmac("sha256", key).update(`${id}.${timestamp}.${body}`).digest("base64");
    const headers = {
      "content-type": "application/json",
      "webhook-id": id,
      "webhook-timestamp": timestamp,
      "webhook-signature": `v1,${signature}`,
    };
    const timeout = new AbortController();
    const cancel = clock.at(clock.now() + TIMEOUT_MS, () => timeout.abort());
    try {
      const request: RequestInit = { method: "POST", headers, body, redirect: "manual", signal: timeout.signal };
      const {
        status,
        ok,
        body: answer,
      } = await post(url, request).catch((error: unknown) => {
        const why = timeout.signal.aborted ? `no answer within ${TIMEOUT_MS / 1_000} s` : errnoOf(error);
        throw failed(ErrorClass.Transient, host, why);
      });
      await answer?.cancel();
      if (!ok) throw failed(meaningOfStatus(status) ?? ErrorClass.Permanent, host, `status ${status}`);
    } finally {
      cancel();
    }
  };

/** What a secret signs with: the bytes that it encodes under the standard's prefix, or those of its text. */
function keyOf(name: string, secret: string): Buffer {
  const isEncoded = secret.startsWith(PREFIX);
  const key = isEncoded ? Buffer.from(secret.slice(PREFIX.length), "base64") : Buffer.from(secret);
  if (key.length > 0) return key;
  throw new HoldfastError(
    ErrorClass.Permanent,
    "secret-missing",
    `The secret ${name} is empty: nobody could tell its signatures from others. Put a random one there, of 24 bytes or more.`,
  );
}

/** What the system calls the failure of a connection; the text of such an error may hold the whole URL. */
function errnoOf(error: unknown): string {
  const cause = error instanceof Error ? error.cause : undefined;
  return cause instanceof Error && "code" in cause ? String(cause.code) : "no connection";
}

const failed = (name: ErrorClass, host: string, why: string) =>
  new HoldfastError(
    name,
    "webhook-failed",
    `The webhook at ${host} did not take the notice of an escalation: ${why}. It has to answer 2xx, without a redirect.`,
  );
