import type { IncomingHttpHeaders } from "node:http";
import { Webhook } from "standardwebhooks";
import { afterAll, beforeEach, describe, expect, it } from "vitest";
import { systemClock } from "../../../lib/local/system-clock.ts";
import type { Clock, EscalationNotice } from "../../../lib/ports/index.ts";
import { webhookSender } from "../../../lib/runtime/people/webhook.ts";
import { startServer } from "../../fakes/loopback-server.ts";

const notice: EscalationNotice = {
  id: "invoice-desk-0123456789abcdef0123456789abcdef-01234567",
  agent: "invoice-desk",
  runId: "invoice-desk-0123456789abcdef0123456789abcdef",
  step: "match",
  audience: "ap-clerks",
  deadline: "2026-01-01T04:00:00.000Z",
};
const SECRET = `whsec_${Buffer.from("a key of at least twenty-four bytes").toString("base64")}`;

const received: { headers: IncomingHttpHeaders; body: string }[] = [];
let answer: { status: number; headers?: Record<string, string> } | "nothing" = { status: 200 };
const { endpoint: origin, stop } = await startServer((request, response, body) => {
  received.push({ headers: request.headers, body: body.toString() });
  if (answer !== "nothing") response.writeHead(answer.status, answer.headers).end("thanks");
});
beforeEach(() => {
  received.length = 0;
  answer = { status: 200 };
});
afterAll(stop);

const senderOf = (secret: string, clock: Clock = systemClock()) =>
  webhookSender({ secrets: { read: async () => secret }, clock, post: fetch });
const webhook = () => ({ url: `${origin}/hooks?key=hidden-in-query`, secret: "escalations/hook" });
const headersOf = ({ headers }: { headers: IncomingHttpHeaders }) => headers as Record<string, string>;

describe("a webhook", () => {
  it("gets the notice, signed so that Standard Webhooks' own library takes it", async () => {
    await senderOf(SECRET)(webhook(), notice);
    const [only, ...others] = received;
    expect(others).toEqual([]);
    if (only === undefined) throw new Error("Nothing was received.");
    expect(new Webhook(SECRET).verify(only.body, headersOf(only))).toEqual(notice);
    const other = new Webhook(`whsec_${Buffer.from("another key").toString("base64")}`);
    expect(() => other.verify(only.body, headersOf(only))).toThrow("No matching signature");
  });

  it("is signed with the bytes of a secret that has no prefix", async () => {
    await senderOf("clé of our own")(webhook(), notice);
    const [only] = received;
    const key = new TextEncoder().encode("clé of our own");
    expect(new Webhook(key, { format: "raw" }).verify(only?.body ?? "", headersOf(only ?? { headers: {} }))).toEqual(
      notice,
    );
  });

  it("gets a repeat under the same id, and the notice of a group under another", async () => {
    const send = senderOf(SECRET);
    await send(webhook(), notice);
    await send(webhook(), notice);
    await send(webhook(), { ...notice, group: "0a1b2c3d" });
    const [one, two, group] = received.map(({ headers }) => headers["webhook-id"]);
    expect(one).toBe(notice.id);
    expect(two).toBe(one);
    expect(group).toBe(`${notice.id}_0a1b2c3d`);
  });
});

describe("a webhook that does not take the notice", () => {
  it.each([
    [500, "Holdfast.Transient"],
    [429, "Holdfast.Throttled"],
    [404, "Holdfast.Permanent"],
    [401, "Holdfast.Denied"],
  ])("fails under the class of its status %d, naming host and status and nothing secret", async (status, name) => {
    answer = { status };
    const error = await senderOf(SECRET)(webhook(), notice).catch((failure: unknown) => failure);
    expect(error).toMatchObject({ name, code: "webhook-failed" });
    expect(String(error)).toContain(`${origin.slice("http://".length)} did not take`);
    expect(String(error)).toContain(`status ${status}`);
    expect(String(error)).not.toMatch(/hidden|whsec/);
  });

  it("is not followed elsewhere", async () => {
    answer = { status: 307, headers: { location: `${origin}/elsewhere` } };
    await expect(senderOf(SECRET)(webhook(), notice)).rejects.toMatchObject({
      name: "Holdfast.Permanent",
      message: expect.stringContaining("status 307"),
    });
    expect(received).toHaveLength(1);
  });

  it("is waited for no longer than 5 seconds", async () => {
    answer = "nothing";
    const asked: number[] = [];
    const clock: Clock = {
      now: () => 0,
      at(time, wake) {
        asked.push(time);
        const timer = setTimeout(wake, 50);
        return () => clearTimeout(timer);
      },
    };
    await expect(senderOf(SECRET, clock)(webhook(), notice)).rejects.toMatchObject({
      name: "Holdfast.Transient",
      message: expect.stringContaining("no answer within 5 s"),
    });
    expect(asked).toEqual([5_000]);
  });

  it("may not be reached at all, nor named in full where it is no URL to post to", async () => {
    const send = senderOf(SECRET);
    await expect(send({ ...webhook(), url: "http://127.0.0.1:1/?key=hidden" }, notice)).rejects.toMatchObject({
      name: "Holdfast.Transient",
      code: "webhook-failed",
    });
    const error = await send({ ...webhook(), url: "http://me:hidden@127.0.0.1:1/" }, notice).catch(String);
    expect(error).toContain("webhook at 127.0.0.1:1");
    expect(error).not.toContain("hidden");
  });

  it.each(["", "whsec_"])("is never signed with an empty key: %j", async (secret) => {
    await expect(senderOf(secret)(webhook(), notice)).rejects.toMatchObject({ code: "secret-missing" });
    expect(received).toEqual([]);
  });
});
