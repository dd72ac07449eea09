import type { Json } from "../../lib/contract/index.ts";
import { startServer } from "./loopback-server.ts";
import { CREDENTIALS, signatureProblem } from "./signature.ts";

/** What an invocation comes to: what the function returned or threw, what Lambda said in its place, or nothing. */
export type Invoked =
  | { readonly returned: Json | undefined }
  | { readonly threw: { readonly errorType?: string; readonly errorMessage: string } }
  | { readonly error: string; readonly status: number; readonly headers?: Readonly<Record<string, string>> }
  | { readonly wrote: string }
  | "silent";

export interface Invocation {
  readonly name: string;
  readonly region: string;
  readonly event: Json;
  readonly context: Json;
}

const PATH = /^\/2015-03-31\/functions\/([^/?]+)\/invocations$/;

/** The Invoke API of Lambda on loopback, for whoever signs his requests well. */
export async function startLambda(functions: Readonly<Record<string, (event: Json) => Invoked>>) {
  const received: Invocation[] = [];

  const server = await startServer((request, response, body) => {
    const fail = (status: number, error: string, headers: Readonly<Record<string, string>> = {}) =>
      void response
        .writeHead(status, { "content-type": "application/json", "x-amzn-errortype": error, ...headers })
        .end(JSON.stringify({ Message: `${error} of arn:aws:lambda:us-east-1:111122223333` }));
    const problem = signatureProblem(request, body, CREDENTIALS.secretAccessKey, "lambda");
    if (problem !== undefined) return fail(403, problem);
    const name = decodeURIComponent(PATH.exec(request.url ?? "")?.[1] ?? "");
    const run = Object.hasOwn(functions, name) ? functions[name] : undefined;
    if (run === undefined || request.method !== "POST") return fail(404, "ResourceNotFoundException");
    const event: Json = JSON.parse(body.toString());
    const context = Buffer.from(String(request.headers["x-amz-client-context"]), "base64").toString();
    const region = /\/\d{8}\/([\w-]+)\/lambda\//.exec(request.headers.authorization ?? "")?.[1] ?? "";
    received.push({ name, region, event, context: JSON.parse(context) });
    const done = run(event);
    if (done === "silent") return;
    if ("error" in done) return fail(done.status, done.error, done.headers);
    const headers = { "content-type": "application/json", "x-amz-executed-version": "$LATEST" };
    if ("threw" in done) {
      const trace = ["at handler (/var/task/index.mjs:1:1)"];
      const failed = { ...headers, "x-amz-function-error": "Unhandled" };
      return void response.writeHead(200, failed).end(JSON.stringify({ ...done.threw, trace }));
    }
    response.writeHead(200, headers).end("wrote" in done ? done.wrote : JSON.stringify(done.returned));
  });
  return { ...server, received };
}
