import { Duration, secondsOf } from "../definition/index.ts";
import type { Raise } from "../runtime/index.ts";
import { usageError } from "./failure.ts";

const NUMBER = /^[0-9]{1,9}(\.[0-9]{1,6})?$/;

/** Reads `tokens=1000,usd=0.5,steps=5,wallClock=12h`. @throws a usage error for what it cannot read. */
export function parseRaise(text: string): Raise {
  const parts = text.split(",").map((part) => part.split("="));
  const raise = Object.fromEntries(parts.map(([name = "", value = "", ...rest]) => entryOf(text, name, value, rest)));
  if (Object.keys(raise).length < parts.length) throw unreadable(text);
  return raise;
}

function entryOf(text: string, name: string, value: string, rest: readonly string[]): [keyof Raise, number] {
  if (rest.length > 0) throw unreadable(text);
  if (name === "wallClock" && Duration.safeParse(value).success) return ["wallClockSeconds", secondsOf(value)];
  const isWhole = name === "tokens" || name === "steps";
  if ((isWhole || name === "usd") && NUMBER.test(value) && (!isWhole || !value.includes("."))) {
    return [name, Number(value)];
  }
  throw unreadable(text);
}

const unreadable = (text: string) =>
  usageError(
    "raise-invalid",
    `--raise ${text.slice(0, 200)} cannot be read. Write what is added, each once, such as tokens=1000,usd=0.5,steps=5,wallClock=12h.`,
  );
