import { expect, test } from "vitest";
import { stageSettings } from "../../lib/infra/stage.ts";

test("the stage is dev unless one is given", () => {
  expect(stageSettings()).toEqual(stageSettings("dev"));
});

test.each(["staging", "", "toString", 7])("stage %j is refused with the stages that there are", (name) => {
  expect(() => stageSettings(name)).toThrow(
    new RangeError(`There is no stage ${JSON.stringify(name)}. Allowed: dev or prod, as in "cdk synth -c stage=dev".`),
  );
});
