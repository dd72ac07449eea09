import type { IncomingMessage } from "node:http";
import { startServer } from "./loopback-server.ts";
import { CREDENTIALS, signatureProblem } from "./signature.ts";

/** What becomes of a request: S3 is overloaded, has an error; or the connection breaks, before anything is done or after. */
export type Trouble = "SlowDown" | "InternalError" | "broken before" | "broken after";

const STATUS: Readonly<Record<string, number>> = {
  NoSuchKey: 404,
  PreconditionFailed: 412,
  InternalError: 500,
  SlowDown: 503,
};
const PAGE = 2;

/** An S3 on loopback, with its buckets in the path: puts, gets and lists objects for whoever signs his requests well. */
export async function startS3() {
  const objects = new Map<string, Uint8Array>();
  const trouble: Trouble[] = [];
  let requests = 0;

  const perform = (request: IncomingMessage, body: Uint8Array): { code: string } | { text: string | Uint8Array } => {
    const [path = "", query] = (request.url ?? "").split("?");
    const searchParams = new URLSearchParams(query);
    const id = decodeURIComponent(path.slice(1));
    if (request.method === "PUT") {
      if (request.headers["if-none-match"] === "*" && objects.has(id)) return { code: "PreconditionFailed" };
      objects.set(id, body);
      return { text: "" };
    }
    if (searchParams.get("list-type") === "2") return { text: listing(objects, id.replace(/\/$/, ""), searchParams) };
    const object = objects.get(id);
    return object === undefined ? { code: "NoSuchKey" } : { text: object };
  };

  const server = await startServer((request, response, body) => {
    requests += 1;
    const say = (status: number, text: string | Uint8Array) =>
      response.writeHead(status, { "content-length": Buffer.byteLength(text) }).end(text);
    const fail = (code: string) =>
      say(STATUS[code] ?? 403, `<Error><Code>${code}</Code><Message>No.</Message></Error>`);
    const problem = signatureProblem(request, body, CREDENTIALS.secretAccessKey);
    if (problem !== undefined) return fail(problem);
    const now = trouble.shift();
    if (now === "SlowDown" || now === "InternalError") return fail(now);
    if (now === "broken before") return request.socket.destroy();
    const done = perform(request, body);
    if (now === "broken after") return request.socket.destroy();
    return "code" in done ? fail(done.code) : say(200, done.text);
  });
  return {
    ...server,
    /** Content by bucket and key. */
    objects,
    /** What is in store for the next requests. */
    trouble,
    requests: () => requests,
  };
}

/** One page of ListObjectsV2. */
function listing(objects: ReadonlyMap<string, Uint8Array>, bucket: string, parameters: URLSearchParams): string {
  const [prefix, after] = [
    parameters.get("prefix") ?? "",
    Buffer.from(parameters.get("continuation-token") ?? "", "base64").toString(),
  ];
  const keys = [...objects.keys()]
    .filter((id) => id.startsWith(`${bucket}/${prefix}`))
    .map((id) => id.slice(bucket.length + 1))
    .filter((key) => !key.slice(prefix.length).includes("/") && key > after)
    .sort();
  const page = keys.slice(0, PAGE);
  const isEncoded = parameters.get("encoding-type") === "url";
  const written = (key: string) =>
    isEncoded ? encodeURIComponent(key).replaceAll("%2F", "/").replaceAll("%20", "+") : key;
  const contents = page.map((key) => `<Contents><Key>${written(key)}</Key></Contents>`).join("");
  const encoding = isEncoded ? "<EncodingType>url</EncodingType>" : "";
  const next =
    keys.length > PAGE
      ? `<NextContinuationToken>${Buffer.from(String(page.at(-1))).toString("base64")}</NextContinuationToken>`
      : "";
  return `<?xml version="1.0"?><ListBucketResult>${encoding}${contents}${next}</ListBucketResult>`;
}
