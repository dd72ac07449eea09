import { describe, expect, it } from "vitest";
import { answerDecideRequest, type DecideRequest } from "../../../lib/runtime/index.ts";
import { asked, failure, gate, peopleOf, person, SECRET_TOKEN } from "./questions.ts";

const request = (more: Partial<DecideRequest>): DecideRequest => ({
  method: "GET",
  path: "/escalations",
  query: new URLSearchParams("audience=ap-clerks"),
  accept: "*/*",
  body: "",
  identity: person(),
  ...more,
});
const decision = (id: string, body: unknown, more: Partial<DecideRequest> = {}) =>
  request({
    method: "POST",
    path: `/escalations/${id}/decision`,
    body: typeof body === "string" ? body : JSON.stringify(body),
    ...more,
  });
const contentOf = ({ body }: { readonly body: string }) => JSON.parse(body);

describe("the decide API", () => {
  it("lists what is asked of some audiences", async () => {
    const { ports, escalation } = await asked();
    const list = async (query: string) =>
      contentOf(await answerDecideRequest(ports, request({ query: new URLSearchParams(query) }))).escalations;
    expect(await list("audience=nobody&audience=ap-clerks")).toMatchObject([{ id: escalation.id }]);
    expect(await list("audience=nobody")).toEqual([]);
  });

  it("shows an escalation with its packet, as JSON or, where that is wanted more, as Markdown", async () => {
    const { ports, escalation } = await asked(gate);
    const read = (accept: string) =>
      answerDecideRequest(ports, request({ path: `/escalations/${escalation.id}`, accept }));
    const shown = await read("*/*");
    expect(contentOf(shown)).toMatchObject({
      escalation: { id: escalation.id },
      packet: { question: { step: "pay" } },
    });
    for (const accept of ["text/markdown", "text/html, text/markdown;q=0.9, application/json;q=0.8"]) {
      const { headers, body } = await read(accept);
      expect(headers["content-type"]).toBe("text/markdown; charset=utf-8");
      expect(body).toMatch(/^# desk asks ap-clerks about pay\n/);
    }
    expect((await read("text/markdown;q=0.5, application/json")).headers["content-type"]).toBe("application/json");
  });

  it("takes a decision, and says how the escalation stands then", async () => {
    const { ports, answer } = await asked();
    const { id, ...rest } = answer;
    const { status, headers, body } = await answerDecideRequest(ports, decision(id, { ...rest, decision: "retry" }));
    expect({ status, headers }).toEqual({
      status: 200,
      headers: {
        "content-type": "application/json",
        "cache-control": "no-store",
        "x-content-type-options": "nosniff",
      },
    });
    expect(contentOf({ body })).toMatchObject({ escalation: { status: "decided", decidedBy: "ann@example.com" } });
    expect(ports.answers).toMatchObject([{ output: { decision: "retry", note: "seen" } }]);
  });

  it("needs no note", async () => {
    const { ports, answer } = await asked();
    const response = await answerDecideRequest(
      ports,
      decision(answer.id, { digest: answer.digest, decision: "retry" }),
    );
    expect(response.status).toBe(200);
    expect(ports.answers).toMatchObject([{ output: { note: "" } }]);
  });

  it("takes who decides from the authorizer alone, whatever the request claims", async () => {
    const { ports, answer } = await asked(gate);
    const claims = {
      by: "ceo@example.com",
      as: "ceo@example.com",
      identity: { id: "ceo@example.com" },
      decider: "ceo",
    };
    const forged = decision(
      answer.id,
      { ...answer, ...claims, id: "other", decision: "approve" },
      { query: new URLSearchParams("by=ceo@example.com&as=ceo@example.com") },
    );
    const own = await answerDecideRequest(ports, { ...forged, identity: person("zoe@example.com") });
    expect(own).toMatchObject({ status: 403 });
    expect(contentOf(own).error.code).toBe("self-approval");
    expect(contentOf(await answerDecideRequest(ports, forged)).escalation.decidedBy).toBe("ann@example.com");
  });

  it("never decides by a GET, or without somebody who is vouched for", async () => {
    const { ports, answer, escalation } = await asked();
    const body = { ...answer, decision: "retry" };
    for (const [refused, status] of [
      [decision(answer.id, body, { method: "GET" }), 404],
      [decision(answer.id, body, { method: "PUT" }), 404],
      [decision(answer.id, body, { path: `/escalations/${answer.id}` }), 404],
      [decision(answer.id, body, { identity: undefined }), 401],
      [request({ identity: undefined }), 401],
      [request({ path: `/escalations/${answer.id}`, identity: undefined }), 401],
      [request({ query: new URLSearchParams("audience=") }), 400],
    ] as const) {
      expect((await answerDecideRequest(ports, refused)).status).toBe(status);
    }
    expect(ports.answers).toEqual([]);
    const read = await answerDecideRequest(ports, request({ path: `/escalations/${escalation.id}` }));
    expect(contentOf(read).escalation.status).toBe("open");
  });

  it("never tells the task token", async () => {
    const { ports, answer } = await asked();
    const responses = [
      await answerDecideRequest(ports, request({})),
      await answerDecideRequest(ports, request({ path: `/escalations/${answer.id}` })),
      await answerDecideRequest(ports, request({ path: `/escalations/${answer.id}`, accept: "text/markdown" })),
      await answerDecideRequest(ports, decision(answer.id, { ...answer, decision: "retry" })),
      await answerDecideRequest(ports, decision(answer.id, { ...answer, decision: "retry" })),
    ];
    expect(responses.map(({ status }) => status)).toEqual([200, 200, 200, 200, 409]);
    expect(JSON.stringify(responses)).not.toContain(SECRET_TOKEN);
  });
});

describe("a refusal of the decide API", () => {
  it.each([
    ["self-approval", 403, {}, person("ZOE@example.com")],
    ["not-allowed", 403, { decision: "approve" }, person()],
    ["changed", 409, { digest: "0".repeat(64) }, person()],
    ["invalid-output", 422, { decision: "override", output: 7 }, person()],
    ["decision-malformed", 422, { decision: 7 }, person()],
    ["decision-malformed", 422, { digest: undefined }, person()],
    ["decision-malformed", 422, { raise: { euros: 5 } }, person()],
  ])("%s has status %d", async (code, status, more, identity) => {
    const { ports, answer } = await asked(failure, peopleOf());
    const body = { ...answer, decision: "retry", ...more };
    const response = await answerDecideRequest(ports, decision(answer.id, body, { identity }));
    expect(response.status).toBe(status);
    expect(contentOf(response)).toEqual({ error: { code, message: expect.any(String) } });
    expect(ports.answers).toEqual([]);
  });

  it("already-decided has status 409, late too, and unknown 404", async () => {
    const { ports, answer } = await asked();
    const answered = async (id = answer.id) => {
      const response = await answerDecideRequest(ports, decision(id, { ...answer, decision: "retry" }));
      return [response.status, contentOf(response).error?.code];
    };
    expect(await answered(`desk-${"0".repeat(32)}-01234567`)).toEqual([404, "unknown"]);
    expect(await answered()).toEqual([200, undefined]);
    expect(await answered()).toEqual([409, "already-decided"]);
    const other = await asked();
    other.ports.clock.advance(3_600_000);
    const late = await answerDecideRequest(
      other.ports,
      decision(other.answer.id, { ...other.answer, decision: "retry" }),
    );
    expect([late.status, contentOf(late).error.code]).toEqual([409, "late"]);
  });

  it.each([
    ["{", 400],
    ["", 400],
    ["[1]", 422],
    ["null", 422],
    [JSON.stringify("é".repeat(65_535)), 422],
    [JSON.stringify("é".repeat(65_536)), 413],
  ])("is decision-malformed for the body %.10s…, with status %d", async (body, status) => {
    const { ports, answer } = await asked();
    const response = await answerDecideRequest(ports, decision(answer.id, body));
    expect([response.status, contentOf(response).error.code]).toEqual([status, "decision-malformed"]);
  });
});

it("what is broken is thrown, for the caller to answer without details", async () => {
  const { ports } = await asked();
  const store = { ...ports.store, asked: () => Promise.reject(new TypeError("broken")) };
  await expect(answerDecideRequest({ ...ports, store }, request({}))).rejects.toThrow("broken");
});
