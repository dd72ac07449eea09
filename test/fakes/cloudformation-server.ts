import { startServer } from "./loopback-server.ts";

/** CloudFormation, as far as DescribeStacks goes: the outputs of some stacks. */
export async function startCloudFormation(outputs: Readonly<Record<string, Readonly<Record<string, string>>>>) {
  return startServer((_, response, body) => {
    const name = new URLSearchParams(body.toString()).get("StackName") ?? "";
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
}
