import { startServer } from "./loopback-server.ts";

/** AWS Secrets Manager on loopback, as far as reading goes. A secret of `{ raw }` is answered with that text as it is. */
export async function startSecretsManager() {
  const secrets = new Map<string, string | { readonly raw: string }>();
  let requests = 0;
  const server = await startServer((request, response, body) => {
    requests += 1;
    const isRead = request.headers["x-amz-target"] === "secretsmanager.GetSecretValue";
    const { SecretId } = JSON.parse(body.toString());
    const secret = isRead ? secrets.get(SecretId) : undefined;
    const fault = { __type: "ResourceNotFoundException", message: "Secrets Manager can't find the specified secret." };
    const text =
      typeof secret === "object"
        ? secret.raw
        : JSON.stringify(secret === undefined ? fault : { Name: SecretId, SecretString: secret });
    response.writeHead(secret === undefined ? 400 : 200, { "content-type": "application/x-amz-json-1.1" }).end(text);
  });
  return { ...server, secrets, requests: () => requests };
}
