/** Environment variables of the functions on AWS, and of the command line. */
export const Environment = {
  /** Name of the runs table. */
  table: "HOLDFAST_TABLE",
  /** ARN of the alias by which a start-run function starts the state machine. */
  stateMachine: "HOLDFAST_STATE_MACHINE",
  /** URL of the queue that keeps what can never start a run. */
  deadLetters: "HOLDFAST_DEAD_LETTERS",
  /** Name of the bus that takes events to agents. */
  bus: "HOLDFAST_BUS",
  /** ARN of the topic that escalations are announced on. */
  topic: "HOLDFAST_TOPIC",
  /** URI of the bucket of claims, `s3://bucket/`: results that are too large for an item. */
  claims: "HOLDFAST_CLAIMS",
  /** What the deployment was called that the function came with. */
  deployment: "HOLDFAST_DEPLOYMENT",
  /** Bearer token for the decide API of a stack that takes tokens. */
  token: "HOLDFAST_TOKEN",
  /** Data directory of the command line. */
  dataDir: "HOLDFAST_DATA_DIR",
} as const;

/** The environment variable that tells a function the start-run function of an agent, such as `HOLDFAST_START_RUN_INVOICE_DESK`. */
export const startRunVariable = (agent: string) => `HOLDFAST_START_RUN_${agent.toUpperCase().replaceAll("-", "_")}`;
