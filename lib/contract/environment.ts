/** Environment variables of the functions on AWS, and of the command line. */
export const Environment = {
  /** Name of the runs table. */
  table: "HOLDFAST_TABLE",
  /** ARN of the state machine that a start-run function starts. */
  stateMachine: "HOLDFAST_STATE_MACHINE",
  /** ARN of the topic that escalations are announced on. */
  topic: "HOLDFAST_TOPIC",
  /** URI of the bucket of claims, `s3://bucket/`: results that are too large for an item. */
  claims: "HOLDFAST_CLAIMS",
  /** Bearer token for the decide API of a stack that takes tokens. */
  token: "HOLDFAST_TOKEN",
  /** Data directory of the command line. */
  dataDir: "HOLDFAST_DATA_DIR",
} as const;
