import type { ModelClient, ToolTransport } from "../ports/index.ts";

/** What of AWS a step that runs on this machine may ask, by the environment that AWS tools share. */
export interface LocalAws {
  /** The models of Amazon Bedrock. */
  readonly bedrock: ModelClient;
  /** A Lambda function, by its name or ARN. */
  readonly lambda: (name: string) => ToolTransport;
}

/** Loads it; called once somebody asks for something of AWS. */
export type OpenAws = () => Promise<LocalAws>;
