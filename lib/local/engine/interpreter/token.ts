/** A task token: which execution it belongs to, and what only its holder knows. */
export const tokenOf = (executionArn: string, secret: string) =>
  Buffer.from(JSON.stringify([executionArn, secret])).toString("base64url");

/** The execution that a token belongs to; undefined for what is no token. */
export function executionOfToken(token: string): string | undefined {
  try {
    const [arn, secret]: unknown[] = JSON.parse(Buffer.from(token, "base64url").toString());
    return typeof arn === "string" && typeof secret === "string" ? arn : undefined;
  } catch {
    return undefined;
  }
}
