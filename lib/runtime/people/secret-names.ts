/** Names that end so are those of secrets, whatever stands before: `dbPassword`, `x-api-key`, `aws_session_token`. */
const ENDINGS = [
  ...["passwords?", "passwd", "pwd", "passphrase", "passcode", "secrets?", "token", "credentials?"],
  ...[
    "apikeys?",
    "accesskeys?",
    "secretkeys?",
    "privatekeys?",
    "signingkey",
    "encryptionkey",
    "sharedkey",
    "accountkey",
  ],
  ...["accesskeyid", "connectionstring", "privatekeypem"],
];
const WHOLE = [
  ...["authorization", "proxyauthorization", "xauthorization", "cookies?", "setcookie", "bearer", "jwt", "pat"],
  ...["cvv2?", "cvc2?", "otp", "totp", "mfacode", "xamzsignature", "xamzcredential", "sig", "sas"],
];

const SECRET = new RegExp(`(?:${ENDINGS.join("|")})$|^(?:${WHOLE.join("|")})$`);

/**
 * Whether a value is a secret by the name that it stands under; case, hyphens and underscores do not matter. Numbers,
 * booleans and null under such a name tell of it, and are none.
 */
export const isSecret = (key: string, value: unknown): boolean =>
  (typeof value === "string" || (typeof value === "object" && value !== null)) &&
  SECRET.test(
    key
      .slice(-100)
      .replaceAll(/[^A-Za-z0-9]/g, "")
      .toLowerCase(),
  );
