import { createHash, createHmac } from "node:crypto";
import type { IncomingMessage } from "node:http";

const sha256 = (data: string | Uint8Array) => createHash("sha256").update(data).digest("hex");
const hmac = (key: string | Buffer, data: string) => createHmac("sha256", key).update(data).digest();

const escapedAgain = (text: string) =>
  encodeURIComponent(text).replaceAll(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );

/** S3's own escaping of paths and queries, whatever the request did (AWS Signature Version 4, create a canonical request). */
const escaped = (text: string) => escapedAgain(decodeURIComponent(text));

/** Of all whom the fakes let in. */
export const CREDENTIALS = { accessKeyId: "nobody", secretAccessKey: "may-know-this" };

const SIGNED_ALWAYS = ["host", "x-amz-content-sha256", "x-amz-date"];
const LATE_MS = 15 * 60_000;

/**
 * What is wrong with the signature of a request, as S3 checks it; `undefined` when nothing is.
 *
 * @param service another one: all but S3 escape paths twice. @default s3
 */
export function signatureProblem(
  request: IncomingMessage,
  body: Uint8Array,
  secretAccessKey: string,
  service = "s3",
): string | undefined {
  const said =
    /^AWS4-HMAC-SHA256 Credential=\S+?\/(\d{8})\/([\w-]+)\/([\w-]+)\/aws4_request, SignedHeaders=(\S+), Signature=(\w+)$/;
  const found = said.exec(request.headers.authorization ?? "") ?? [];
  const [, day = "", region = "", signedFor, headers = "", signature] = found;
  if (signature === undefined || signedFor !== service) return "AccessDenied";
  const signed = headers.split(";");
  if (!SIGNED_ALWAYS.every((name) => signed.includes(name))) return "AccessDenied";
  const header = (name: string) =>
    String(request.headers[name] ?? "")
      .trim()
      .replaceAll(/\s+/g, " ");
  const hash = header("x-amz-content-sha256");
  if (hash !== "UNSIGNED-PAYLOAD" && hash !== sha256(body)) return "XAmzContentSHA256Mismatch";
  const date = header("x-amz-date");
  const time = Date.parse(date.replace(/^(....)(..)(..)T(..)(..)(..)Z$/, "$1-$2-$3T$4:$5:$6Z"));
  if (!date.startsWith(day) || !(Math.abs(Date.now() - time) < LATE_MS)) return "RequestTimeTooSkewed";
  const [path = "", query = ""] = (request.url ?? "").split("?");
  const canonical = [
    request.method,
    path
      .split("/")
      .map(service === "s3" ? escaped : escapedAgain)
      .join("/"),
    query
      .split("&")
      .filter(Boolean)
      .map((pair) => pair.split("=").map(escaped).join("="))
      .sort()
      .join("&"),
    ...signed.map((name) => `${name}:${header(name)}`),
    "",
    headers,
    hash,
  ].join("\n");
  const scope = [day, region, service, "aws4_request"];
  const key = scope.reduce<string | Buffer>(hmac, `AWS4${secretAccessKey}`);
  const expected = hmac(Buffer.from(key), ["AWS4-HMAC-SHA256", date, scope.join("/"), sha256(canonical)].join("\n"));
  return expected.toString("hex") === signature ? undefined : "SignatureDoesNotMatch";
}
