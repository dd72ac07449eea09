import { createHash } from "node:crypto";

/** What invokes a function and goes on with its answer. */
export const LAMBDA_INVOKE = "arn:aws:states:::lambda:invoke";

const LONGEST_NAME = 80;

/** A name of a state or variable as AWS allows it: what is too long is cut, and stays unique by a digest. */
export function bounded(name: string): string {
  if (name.length <= LONGEST_NAME) return name;
  const digest = createHash("sha256").update(name).digest("hex").slice(0, 8);
  return `${name.slice(0, LONGEST_NAME - digest.length - 1)}_${digest}`;
}

/** The variable that holds the result of a step. Step names have no underscores, so no two steps share one. */
export const variableOf = (name: string) => name.replaceAll("-", "_");

/** What a compiled machine leaves open: filled in per environment, so that the document is the same in all of them. */
export type Placeholder =
  | { readonly kind: "step" | "undo"; readonly step: string }
  | { readonly kind: "agent" | "start"; readonly agent: string }
  | { readonly kind: "platform"; readonly name: PlatformFunction };

export const PLATFORM_FUNCTIONS = ["open-escalation", "plan-compensation", "record-decisions"] as const;
export type PlatformFunction = (typeof PLATFORM_FUNCTIONS)[number];

/** The key of a placeholder, as Step Functions' definition substitutions know it. */
export function keyOf(what: Placeholder): string {
  switch (what.kind) {
    case "step":
    case "undo":
      return `${what.kind}_${variableOf(what.step)}`;
    case "agent":
    case "start":
      return `${what.kind}_${variableOf(what.agent)}`;
    case "platform":
      return `holdfast_${variableOf(what.name)}`;
  }
}

/** A placeholder as it stands in the document. */
export const placeholder = (what: Placeholder) => `\${${keyOf(what)}}`;

const PATTERN = /\$\{((?:step|undo|agent|start|holdfast)_[a-z0-9_]+)\}/g;

/** The document with every placeholder replaced. @throws RangeError for one without a value. */
export function substitute<Document>(document: Document, lookUp: (key: string) => string | undefined): Document {
  const text = JSON.stringify(document).replace(PATTERN, (_, key: string) => {
    const value = lookUp(key);
    if (value === undefined) throw new RangeError(`Nothing to put in place of \${${key}}.`);
    return JSON.stringify(value).slice(1, -1);
  });
  return JSON.parse(text) as Document;
}

/** The keys of the placeholders that a document holds, each once, in order of appearance. */
export function placeholderKeys(document: unknown): string[] {
  return [...new Set([...JSON.stringify(document).matchAll(PATTERN)].map((match) => match[1] ?? ""))];
}
