import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

/** CloudFormation, as far as DescribeStacks goes: the outputs of some stacks. */
export async function startCloudFormation(outputs: Readonly<Record<string, Readonly<Record<string, string>>>>) {
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const name = new URLSearchParams(Buffer.concat(chunks).toString()).get("StackName") ?? "";
    const members = Object.entries(outputs[name] ?? {}).map(
      ([key, value]) => `<member><OutputKey>${key}</OutputKey><OutputValue>${value}</OutputValue></member>`,
    );
    const stack = `<member><StackName>${name}</StackName><StackId>arn:aws:cloudformation:eu-west-1:123456789012:stack/${name}/1</StackId><Outputs>${members.join("")}</Outputs></member>`;
    const code = name === "Secret" ? "AccessDenied" : "ValidationError";
    const error = `<Error><Type>Sender</Type><Code>${code}</Code><Message>Stack with id ${name} does not exist</Message></Error>`;
    const isKnown = outputs[name] !== undefined;
    response.writeHead(isKnown ? 200 : 400, { "content-type": "text/xml" });
    response.end(
      isKnown
        ? `<DescribeStacksResponse><DescribeStacksResult><Stacks>${stack}</Stacks></DescribeStacksResult></DescribeStacksResponse>`
        : `<ErrorResponse>${error}</ErrorResponse>`,
    );
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return { endpoint: `http://127.0.0.1:${port}`, stop: () => server.close() };
}
