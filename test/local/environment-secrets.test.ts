import { describe, expect, it } from "vitest";
import { environmentSecrets } from "../../lib/local/environment-secrets.ts";

describe("a secret of the environment", () => {
  it("is that of the variable of its name", async () => {
    const secrets = environmentSecrets({ HOLDFAST_SECRET_TEAM_ESCALATION_HOOK_2: "s" });
    expect(await secrets.read("team/escalation-hook.2")).toBe("s");
  });

  it.each([{}, { HOLDFAST_SECRET_HOOK: "" }])("that is missing in %j has its variable named", async (environment) => {
    await expect(environmentSecrets(environment).read("hook")).rejects.toMatchObject({
      code: "secret-missing",
      message: expect.stringContaining("HOLDFAST_SECRET_HOOK"),
    });
  });
});
