/** An event of an API Gateway HTTP API, payload format 2.0, as far as it is read. */
export interface HttpApiEvent {
  readonly rawPath: string;
  readonly rawQueryString: string;
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body?: string;
  readonly isBase64Encoded: boolean;
  readonly requestContext: {
    readonly http: { readonly method: string; readonly sourceIp: string };
    readonly authorizer?: Authorizer;
  };
}

interface Authorizer {
  readonly jwt?: { readonly claims: Claims };
  readonly iam?: { readonly userArn: string };
}

type Claims = Readonly<Record<string, string | number | boolean | readonly string[]>>;

/** Somebody whom an authorizer of API Gateway has let in. */
export interface Caller {
  readonly id: string;
  readonly groups: readonly string[];
  /** IP address. */
  readonly from: string;
}

/** The text of a request's body; empty where it has none. */
export const bodyOf = ({ body = "", isBase64Encoded }: HttpApiEvent): string =>
  isBase64Encoded ? Buffer.from(body, "base64").toString() : body;

/**
 * Who sends a request, as the authorizer says and nobody else: the verified address or else the subject of a token, or the
 * ARN of an IAM identity. `undefined` where no authorizer has seen it.
 */
export function callerOf({ requestContext: { http, authorizer } }: HttpApiEvent): Caller | undefined {
  const claims = authorizer?.jwt?.claims;
  const id = claims === undefined ? principalOf(authorizer?.iam?.userArn) : personOf(claims);
  if (typeof id !== "string" || id === "") return undefined;
  const groups = claims === undefined ? [] : groupsOf(claims["cognito:groups"] ?? claims.groups);
  return { id, groups, from: http.sourceIp };
}

/**
 * The ARN of an IAM identity. Whoever assumes a role names the session, so that a role counts as one, whatever its sessions
 * are called; but for those of IAM Identity Center, which bear the name of the person.
 */
function principalOf(arn: string | undefined): string | undefined {
  const [, role, name = ""] = /^(arn:[\w-]+:sts::\d+:assumed-role\/([^/]+))\/.+$/.exec(arn ?? "") ?? [];
  return role === undefined || name.startsWith("AWSReservedSSO_") ? arn : role;
}

/**
 * One and the same for everybody, so that nobody decides twice, or about a run of their own, by another name: an address
 * that is not verified, or an access token, which has none, does not turn who sends it into a subject.
 */
function personOf({ email, email_verified: verified, sub, token_use: use }: Claims): Claims[string] | undefined {
  if (verified === undefined) return use === "access" ? undefined : sub;
  return String(verified) === "true" ? email : undefined;
}

/** API Gateway writes lists of a token as `[a b]`. */
function groupsOf(groups: Claims[string] | undefined): readonly string[] {
  if (typeof groups !== "string") return Array.isArray(groups) ? groups : [];
  const listed = /^\[(.*)\]$/s.exec(groups);
  return (listed === null ? [groups] : (listed[1] ?? "").split(" ")).filter(Boolean);
}
