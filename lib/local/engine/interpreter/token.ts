import { listOf, parseJson } from "../../../contract/index.ts";

/** A task token: which execution it belongs to, and what only its holder knows. */
export const tokenOf = (executionArn: string, secret: string) =>
  Buffer.from(JSON.stringify([executionArn, secret])).toString("base64url");

/** The execution that a token belongs to; undefined for what is no token. */
export function executionOfToken(token: string): string | undefined {
  const [arn, secret] = listOf(parseJson(Buffer.from(token, "base64url").toString()));
  return typeof arn === "string" && typeof secret === "string" ? arn : undefined;
}
