import fc from "fast-check";

const LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
const of = (alphabet: string, length: number) =>
  fc.array(fc.constantFrom(...alphabet), { minLength: length, maxLength: length }).map((all) => all.join(""));
const word = (length: number) => of(LETTERS, length);
const upper = (length: number) => of(LETTERS.slice(0, 26), length);
const hex = (length: number) => of("0123456789abcdef", length);
const base64 = (text: string) => Buffer.from(text).toString("base64");

/** A secret in the form in which it turns up, and the part of it that must never be seen. */
export interface Canary {
  readonly shown: string;
  readonly secret: string;
}

const whole = (arbitrary: fc.Arbitrary<string>) => arbitrary.map((secret): Canary => ({ shown: secret, secret }));
const within = (secret: fc.Arbitrary<string>, put: (secret: string) => string) =>
  secret.map((one): Canary => ({ shown: put(one), secret: one }));

/** Secrets that are known by their form alone, by kind. */
export const FORMS: Readonly<Record<string, fc.Arbitrary<Canary>>> = {
  "AWS access key id": whole(upper(16).map((rest) => `AKIA${rest}`)),
  "AWS temporary key id": whole(upper(16).map((rest) => `ASIA${rest}`)),
  "RSA private key": within(
    word(200),
    (key) => `-----BEGIN RSA PRIVATE KEY-----\n${key}\n-----END RSA PRIVATE KEY-----`,
  ),
  "private key, cut off": within(word(60), (key) => `-----BEGIN PRIVATE KEY-----\\n${key}`),
  "encrypted private key": within(
    word(60),
    (key) => `-----BEGIN ENCRYPTED PRIVATE KEY-----\r\n${key}\r\n-----END ENCRYPTED PRIVATE KEY-----`,
  ),
  "PGP private key": within(
    word(60),
    (key) => `-----BEGIN PGP PRIVATE KEY BLOCK-----\n\n${key}\n-----END PGP PRIVATE KEY BLOCK-----`,
  ),
  JWT: within(word(43), (signature) => `eyJhbGciOiJIUzI1NiJ9.${base64('{"sub":"1"}')}.${signature}`),
  "Bearer token": within(word(24), (token) => `Bearer ${token}`),
  "bearer header": within(word(12), (token) => `authorization: bearer ${token}`),
  "header of another scheme": within(word(6), (token) => `Authorization: Token ${token}`),
  "Basic credentials": within(
    word(12).map((password) => base64(`user:${password}`)),
    (pair) => `Basic ${pair}`,
  ),
  "database URL": within(word(12), (password) => `postgres://app:${password}@db.example.com:5432/orders`),
  "URL with a password of signs": within(
    word(8).map((rest) => `p@s:/${rest}`),
    (password) => `amqp://app:${password}@mq.example.com`,
  ),
  "presigned S3 URL": within(
    hex(64),
    (signature) => `https://b.s3.amazonaws.com/k?X-Amz-Expires=60&X-Amz-Signature=${signature}&x-id=GetObject`,
  ),
  "session token in a URL": within(word(80), (token) => `https://b.s3.amazonaws.com/k?X-Amz-Security-Token=${token}`),
  "Azure SAS": within(word(43), (signature) => `https://a.blob.core.windows.net/c?sv=2024&sig=${signature}%3D`),
  "GitHub token": whole(word(36).map((rest) => `ghp_${rest}`)),
  "GitHub app token": whole(word(36).map((rest) => `ghs_${rest}`)),
  "GitHub fine-grained token": whole(word(82).map((rest) => `github_pat_${rest}`)),
  "GitLab token": whole(word(20).map((rest) => `glpat-${rest}`)),
  "npm token": whole(word(36).map((rest) => `npm_${rest}`)),
  "OpenAI key": whole(word(48).map((rest) => `sk-proj-${rest}`)),
  "Anthropic key": whole(word(90).map((rest) => `sk-ant-api03-${rest}`)),
  "Stripe key": whole(word(24).map((rest) => `sk_live_${rest}`)),
  "Slack token": whole(word(24).map((rest) => `xoxb-123456789012-${rest}`)),
  "Slack webhook": within(word(24), (rest) => `https://hooks.slack.com/services/T0000/B0000/${rest}`),
  "webhook secret": whole(word(32).map((rest) => `whsec_${rest}`)),
  "Google key": whole(word(35).map((rest) => `AIza${rest}`)),
  "SendGrid key": whole(word(22).map((rest) => `SG.${rest}.${rest}${rest}`)),
  "task token": whole(word(600).map((rest) => `AAAAKgAAAAIAAAAAAAAAA${rest}`)),
  "older task token": whole(word(400).map((rest) => `AQC${rest}==`)),
  cookie: within(word(24), (value) => `Cookie: theme=dark; session=${value}`),
  "connection string": within(word(40), (key) => `AccountName=store;AccountKey=${key}==;EndpointSuffix=core`),
  "environment line": within(word(16), (password) => `DB_PASSWORD="${password} ${password}"`),
  "JSON in text": within(word(16), (password) => `got {"user":"a","password": "${password}\\"${password}"}`),
  "JSON in JSON in text": within(word(16), (token) => `"{\\"access_token\\":\\"${token}\\"}"`),
};

/** Keys that name secrets, in the ways in which they are spelled. */
export const SECRET_KEYS = [
  ...["password", "Password", "passwd", "db_password", "secret", "client_secret", "clientSecret", "token", "taskToken"],
  ...["access_token", "refreshToken", "Authorization", "proxy-authorization", "cookie", "Set-Cookie", "set_cookie"],
  ...["apiKey", "api_key", "x-api-key", "X-API-Key", "accessKey", "aws_secret_access_key", "secretAccessKey"],
  ...["sessionToken", "aws-session-token", "privateKey", "private_key", "credential", "credentials", "passphrase"],
];

/** Keys that only look like it. */
export const ORDINARY_KEYS = [
  ...["tokens", "tokenCount", "maxTokens", "passwordChangedAt", "secretary", "authorized", "authorizationId"],
  ...["cookieConsent", "publicKey", "key", "keyword", "monkey", "compass", "credentialing", "apiKeyCount", "id"],
];

/** Text that a secret may stand in. */
export const SURROUNDED = fc.constantFrom(
  ...["", " ", "\n", "failed: ", "value=", '{"a":"', "(", "«", "<p>", "a, ", "\u202e", "Tür "],
);

/** Texts that hold no secret. */
export const ORDINARY_TEXTS = [
  ...["", "invoice INV-2024-001", "https://example.com:8443/a/b?page=2#top", "s3://bucket/key.json", "a@example.com"],
  ...["arn:aws:states:eu-central-1:123456789012:execution:desk:desk-0123456789abcdef0123456789abcdef"],
  ...["Basic information is missing.", "Basic authentication failed", "Bearer token missing", "the bearer of news"],
  ...["The password must have 8 characters.", "token: expected", "Unexpected token < in JSON at position 0"],
  ...[
    "urn:oasis:names:specification:ubl:schema:xsd:Invoice-2",
    "2026-01-31T09:00:00.000Z",
    "task-sk-1",
    "cookie: none",
  ],
  ...["CH93 0076 2011 6238 5295 7", "5d41402abc4b2a76b9719d911017c592", "-----BEGIN CERTIFICATE-----\nMIIB"],
  ...["data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAf", "eyJ", "AKIA", "ghp_short", "sk-1"],
  ...["https://example.com/oauth?redirect=https://a.example/b:c", "time 12:30 @ noon", "mailto:a@example.com"],
];
