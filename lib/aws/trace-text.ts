import { LONGEST_ANNOTATION } from "../contract/index.ts";

const LONGEST_NAME = 200;
/** What X-Ray does not take in names (AWS X-Ray developer guide: segment documents). */
const FOREIGN = /[^\p{L}\p{N}\p{Z}_.:/%&#=+\\\-@]/gu;

export const spanName = (name: string): string => name.replaceAll(FOREIGN, "_").slice(0, LONGEST_NAME) || "unnamed";

export function annotationValue(value: string | number | boolean): string | number | boolean {
  if (typeof value === "string") return value.slice(0, LONGEST_ANNOTATION);
  return Number.isNaN(value) ? "NaN" : value;
}

const LONGEST_CODE = 100;
const isCode = (value: unknown): value is string =>
  typeof value === "string" && value.length <= LONGEST_CODE && /^[\w.:-]+$/.test(value);

/** What is told of an error: its class, and its code where it has one. Messages and stacks quote what it is about. */
export function causeOf(error: unknown): { readonly type: string; readonly message: string } {
  const { name, code } =
    typeof error === "object" && error !== null ? (error as { name?: unknown; code?: unknown }) : {};
  return { type: isCode(name) ? name : "Error", message: isCode(code) ? code : "" };
}
