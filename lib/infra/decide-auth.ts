/** Whose tokens tell who people are, OpenID Connect. */
export interface DecideAuth {
  /** URL, as the tokens have it under `iss`. */
  readonly issuer: string;
  /** The tokens have one of them under `aud`. */
  readonly audience: readonly string[];
}

/**
 * Who may call the decide API, as given by `-c decideIssuer=URL -c decideAudience=A,B`.
 *
 * @returns `undefined` when neither is given: IAM identities then.
 * @throws RangeError for one without the other, and for what is no https URL or no audience.
 */
export function decideAuth(issuer: unknown, audience: unknown): DecideAuth | undefined {
  if (issuer === undefined && audience === undefined) return undefined;
  const audiences = typeof audience === "string" ? audience.split(",").filter((each) => each.trim() !== "") : [];
  if (typeof issuer === "string" && isIssuer(issuer) && audiences.length > 0) {
    return { issuer, audience: audiences.map((each) => each.trim()) };
  }
  throw new RangeError(
    `decideIssuer ${JSON.stringify(issuer)} and decideAudience ${JSON.stringify(audience)} do not tell whose tokens are taken. ` +
      'Give both, an https URL and one audience or more, as in "cdk synth -c decideIssuer=https://login.example.com -c decideAudience=holdfast".',
  );
}

/** An issuer has neither query nor fragment (OpenID Connect Core 1.0, section 2). */
const isIssuer = (text: string) => URL.canParse(text) && /^https:\/\/[^?#@]+$/.test(text);
