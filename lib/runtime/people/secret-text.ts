export const REDACTED = "[redacted]";

/** What stands before the `=` of a secret in a query, a connection string or a shell line. */
const NAMES = [
  ...[
    "passw(?:or)?d",
    "pwd",
    "passphrase",
    "secret",
    "token",
    "api[_-]?key",
    "access[_-]?key(?:[_-]?id)?",
    "secret[_-]?key",
  ],
  ...["private[_-]?key", "shared[_-]?key", "account[_-]?key", "credentials?", "X-Amz-Signature", "X-Amz-Credential"],
  ...["X-Goog-Signature", "(?<![a-z0-9])sig", "(?<![a-z0-9])signature"],
].join("|");

const HEADERS = "authorization|cookie|x-amz-security-token";

/** Each pattern with what it leaves. Every one reads a text in time proportional to its length. */
const PATTERNS: readonly (readonly [RegExp, string | ((...groups: string[]) => string)])[] = [
  [
    /-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----[\s\S]*?(?:-----END [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----|$)/g,
    REDACTED,
  ],
  [
    /(?<![a-z0-9+.-])([a-z][a-z0-9+.-]{0,30}:\/\/)[^\s/?#@:"'<>]{0,256}:(?!\d{1,5}(?:[/?#\s]|$))[^\s"'<>]{1,256}@/gi,
    `$1${REDACTED}@`,
  ],
  // A long text of base64 that begins as task tokens of Step Functions do.
  [/(?<![A-Za-z0-9+/])(?:AAAA|AQ)[A-Za-z0-9+/=]{297,}/g, REDACTED],
  // JSON Web Tokens, signed or encrypted.
  [/(?<![\w-])eyJ[A-Za-z0-9_-]{5,}(?:={0,2}\.[A-Za-z0-9_-]*){2,4}/g, REDACTED],
  [/(?<![A-Z0-9])(?:AKIA|ASIA)[A-Z0-9]{16,}/g, REDACTED],
  [
    /(?<![A-Za-z0-9])(?:gh[opsur]_[A-Za-z0-9]{20,}|github_pat_\w{20,}|glpat-[\w-]{20,}|npm_[A-Za-z0-9]{36}|hf_[A-Za-z0-9]{30,})/g,
    REDACTED,
  ],
  [
    /(?<![A-Za-z0-9])(?:sk-[\w-]{16,}|[sr]k_(?:live|test)_[A-Za-z0-9]{10,}|AIza[\w-]{35}|ya29\.[\w-]{20,}|SG\.[\w-]{16,}\.[\w-]{16,})/g,
    REDACTED,
  ],
  [
    /(?<![A-Za-z0-9])(?:xox[a-z]-[\w-]{8,}|xapp-[\w-]{8,}|whsec_[A-Za-z0-9+/=_-]{8,}|shp(?:at|ss|ca|pa)_[0-9a-fA-F]{32}|dop_v1_[0-9a-f]{64})/g,
    REDACTED,
  ],
  [/hooks\.slack\.com\/services\/[A-Za-z0-9/]{8,}/g, `hooks.slack.com/services/${REDACTED}`],
  // Words of prose that follow "Bearer" are no token.
  [/\b(Bearer|bearer|BEARER)(\s{1,10})(?![a-z]{1,15}(?![\w.~+/=-]))[\w.~+/=-]{6,}/g, `$1$2${REDACTED}`],
  [
    /\b(basic)(\s{1,10})([A-Za-z0-9+/_-]{4,}={0,2})/gi,
    (whole, name = "", space = "", said = "") =>
      Buffer.from(said, "base64").includes(":") ? `${name}${space}${REDACTED}` : whole,
  ],
  [
    /(authorization["'\\]*\s{0,5}[:=]\s{0,5}["'\\]*(?:bearer|basic|token|apikey|digest|negotiate)\s{1,5})[^\s"',;]+/gi,
    `$1${REDACTED}`,
  ],
  [/\b((?:set-)?cookie\s{0,5}:\s{0,5})[\w!#$%&*+.^`|~-]{1,100}=[^\r\n"]*/gi, `$1${REDACTED}`],
  [
    new RegExp(`((?:${NAMES})\\s{0,3}(?:=|%3D)\\s{0,3})(?:"[^"\\r\\n]*|'[^'\\r\\n]*|[^\\s&"'<>,;]+)`, "gi"),
    `$1${REDACTED}`,
  ],
  // JSON within text; once more where its quotes are escaped.
  [new RegExp(`((?:${NAMES}|${HEADERS})"\\s{0,5}:\\s{0,5}")(?:[^"\\\\]|\\\\[\\s\\S])*`, "gi"), `$1${REDACTED}`],
  [new RegExp(`((?:${NAMES}|${HEADERS})\\\\{1,9}"\\s{0,5}:\\s{0,5}\\\\{1,9}")[^"\\\\]*`, "gi"), `$1${REDACTED}`],
];

/** In characters; no item holds a longer text, and a longer one could exhaust what regular expressions remember. */
const LONGEST = 2_000_000;

/** A text without the secrets that are known by their form; the rest of it stays as it is. */
export function redactText(text: string): string {
  if (text.length > LONGEST) return "[too long]";
  return PATTERNS.reduce(
    (left, [pattern, by]) => (typeof by === "string" ? left.replace(pattern, by) : left.replace(pattern, by)),
    text,
  );
}
