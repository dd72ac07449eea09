import { inspect } from "node:util";
import { SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { afterAll, beforeEach, describe, expect, it } from "vitest";
import { secretsManager } from "../../lib/aws/secrets-manager.ts";
import { startSecretsManager } from "../fakes/secrets-manager-server.ts";

const server = await startSecretsManager();
const client = new SecretsManagerClient({
  endpoint: server.endpoint,
  region: "us-east-1",
  credentials: { accessKeyId: "test", secretAccessKey: "test" },
  maxAttempts: 1,
});
afterAll(async () => {
  client.destroy();
  await server.stop();
});
const stopped = { now: () => 0 };
beforeEach(() => server.secrets.clear());

describe("a secret of Secrets Manager", () => {
  it("is kept for five minutes, and then read anew", async () => {
    let time = 0;
    const secrets = secretsManager(client, { now: () => time });
    server.secrets.set("hook", "old");
    const before = server.requests();
    expect(await secrets.read("hook")).toBe("old");
    server.secrets.set("hook", "new");
    time = 5 * 60_000 - 1;
    expect(await secrets.read("hook")).toBe("old");
    expect(server.requests() - before).toBe(1);
    time += 1;
    expect(await secrets.read("hook")).toBe("new");
  });

  it("that is missing is named, and looked for again", async () => {
    const secrets = secretsManager(client, stopped);
    await expect(secrets.read("team/hook")).rejects.toMatchObject({
      name: "Holdfast.Permanent",
      code: "secret-missing",
      message: expect.stringContaining("team/hook"),
    });
    server.secrets.set("team/hook", "there now");
    expect(await secrets.read("team/hook")).toBe("there now");
  });

  it("is in no error, even where the answer that holds it cannot be read", async () => {
    server.secrets.set("hook", { raw: '{"SecretString":"hidden" oops' });
    const error = await secretsManager(client, stopped)
      .read("hook")
      .catch((failure: unknown) => failure);
    expect(error).toMatchObject({ name: "Holdfast.Transient", code: "secret-unreadable" });
    expect(inspect(error, { depth: 10, showHidden: true })).not.toContain("hidden");
  });
});
