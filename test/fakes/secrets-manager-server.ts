import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

/** AWS Secrets Manager on loopback, as far as reading goes. A secret of `{ raw }` is answered with that text as it is. */
export async function startSecretsManager() {
  const secrets = new Map<string, string | { readonly raw: string }>();
  let requests = 0;
  const server = createServer(async (request, response) => {
    requests += 1;
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const isRead = request.headers["x-amz-target"] === "secretsmanager.GetSecretValue";
    const { SecretId } = JSON.parse(Buffer.concat(chunks).toString());
    const secret = isRead ? secrets.get(SecretId) : undefined;
    const fault = { __type: "ResourceNotFoundException", message: "Secrets Manager can't find the specified secret." };
    const text =
      typeof secret === "object"
        ? secret.raw
        : JSON.stringify(secret === undefined ? fault : { Name: SecretId, SecretString: secret });
    response.writeHead(secret === undefined ? 400 : 200, { "content-type": "application/x-amz-json-1.1" }).end(text);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    endpoint: `http://127.0.0.1:${port}`,
    secrets,
    requests: () => requests,
    async stop() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
