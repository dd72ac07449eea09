import { expect, test } from "vitest";
import { alarmDestination } from "../../lib/infra/operations/alarm-destination.ts";

const ARN = "arn:aws:sns:eu-central-1:111122223333:oncall";

test("alarms go to a topic, to an address, or nowhere", () => {
  expect(alarmDestination(ARN, undefined)).toEqual({ kind: "topic", arn: ARN });
  expect(alarmDestination(undefined, "oncall@example.com")).toEqual({ kind: "email", address: "oncall@example.com" });
  expect(alarmDestination(undefined, undefined)).toBeUndefined();
});

test.each([
  [ARN, "oncall@example.com"],
  ["oncall", undefined],
  ["arn:aws:sqs:eu-central-1:111122223333:oncall", undefined],
  ["", undefined],
  [undefined, "oncall"],
  [undefined, "a b@example.com"],
  [undefined, true],
])("topic %j with address %j is refused, and told how it is given", (arn, email) => {
  expect(() => alarmDestination(arn, email)).toThrow("Give one of them, as in");
});
