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

/** Whether what stands under a key is a secret by its name; case, hyphens and underscores do not matter. */
export const isSecretName = (key: string) =>
  SECRET.test(
    key
      .slice(-100)
      .replaceAll(/[^A-Za-z0-9]/g, "")
      .toLowerCase(),
  );
