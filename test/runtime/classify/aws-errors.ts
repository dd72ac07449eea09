import {
  ConditionalCheckFailedException,
  DynamoDBClient,
  DynamoDBServiceException,
  GetItemCommand,
  InternalServerError,
  ItemCollectionSizeLimitExceededException,
  LimitExceededException,
  ProvisionedThroughputExceededException,
  ReplicatedWriteConflictException,
  RequestLimitExceeded,
  ResourceNotFoundException,
  ThrottlingException,
  TransactionCanceledException,
  TransactionConflictException,
  TransactionInProgressException,
} from "@aws-sdk/client-dynamodb";
import { GetObjectCommand, NoSuchKey, S3Client } from "@aws-sdk/client-s3";
import { ExecutionAlreadyExists, ExecutionLimitExceeded } from "@aws-sdk/client-sfn";
import { ErrorClass } from "../../../lib/contract/index.ts";
import { answering, deafPort, withServer } from "./servers.ts";
import { caught, type Thrown } from "./thrown.ts";

const { Denied, Permanent, Throttled, Transient } = ErrorClass;
const about = (httpStatusCode: number) => ({ $metadata: { httpStatusCode, attempts: 3 }, message: "As AWS says." });
const options = { region: "eu-west-1", credentials: { accessKeyId: "a", secretAccessKey: "b" }, maxAttempts: 1 };

/** An error of a service whose client is not installed: all clients build theirs so. */
const serviceError = (name: string, status: number, more: object = {}) =>
  Object.assign(
    new DynamoDBServiceException({ name, $fault: status < 500 ? "client" : "server", ...about(status) }),
    more,
  );

const dynamo = (status: number, name: string, headers: Readonly<Record<string, string>> = {}, more: object = {}) =>
  withServer(
    answering(status, JSON.stringify({ __type: `com.amazonaws.dynamodb.v20120810#${name}`, ...more }), {
      "content-type": "application/x-amz-json-1.0",
      ...headers,
    }),
    (endpoint) =>
      caught(() => new DynamoDBClient({ ...options, endpoint }).send(new GetItemCommand({ TableName: "t", Key: {} }))),
  );

const s3 = (status: number, code: string) =>
  withServer(
    answering(status, `<?xml version="1.0"?><Error><Code>${code}</Code><Message>m</Message></Error>`, {
      "content-type": "application/xml",
    }),
    (endpoint) =>
      caught(() =>
        new S3Client({ ...options, endpoint, forcePathStyle: true }).send(
          new GetObjectCommand({ Bucket: "b", Key: "k" }),
        ),
      ),
  );

const bedrock: readonly (readonly [string, number, ErrorClass])[] = [
  ["ThrottlingException", 429, Throttled],
  ["ModelNotReadyException", 429, Throttled],
  ["ServiceQuotaExceededException", 400, Throttled],
  ["ModelTimeoutException", 408, Transient],
  ["ModelErrorException", 424, Transient],
  ["ModelStreamErrorException", 424, Transient],
  ["InternalServerException", 500, Transient],
  ["ServiceUnavailableException", 503, Transient],
  ["ValidationException", 400, Permanent],
  ["ResourceNotFoundException", 404, Permanent],
  ["ConflictException", 400, Permanent],
  ["AccessDeniedException", 403, Denied],
];

const credentials: readonly (readonly [string, number, ErrorClass])[] = [
  ["ExpiredToken", 400, Denied],
  ["ExpiredTokenException", 400, Denied],
  ["UnrecognizedClientException", 400, Denied],
  ["InvalidSignatureException", 403, Denied],
  ["SignatureDoesNotMatch", 403, Denied],
  ["MissingAuthenticationTokenException", 400, Denied],
  ["NotAuthorizedException", 400, Denied],
  ["UnauthorizedOperation", 403, Denied],
  ["RequestTimeTooSkewed", 403, Transient],
  ["RequestExpired", 400, Transient],
];

const named = (origin: string, rows: typeof bedrock): Thrown[] =>
  rows.map(([name, status, as]) => ({ origin, title: name, thrown: () => serviceError(name, status), as }));

const shown = (origin: string, as: ErrorClass, ...errors: readonly Error[]): Thrown[] =>
  errors.map((error) => ({ origin, title: error.name, thrown: () => error, as }));

export const AWS_ERRORS: readonly Thrown[] = [
  ...named("Bedrock Converse", bedrock),
  ...named("AWS credentials and clocks", credentials),
  ...shown("DynamoDB", Permanent, new ConditionalCheckFailedException(about(400))),
  ...shown("DynamoDB", Permanent, new ItemCollectionSizeLimitExceededException(about(400))),
  ...shown("DynamoDB", Permanent, new ResourceNotFoundException(about(400))),
  ...shown("DynamoDB", Throttled, new ThrottlingException(about(400))),
  ...shown("DynamoDB", Throttled, new ProvisionedThroughputExceededException(about(400))),
  ...shown("DynamoDB", Throttled, new RequestLimitExceeded(about(400)), new LimitExceededException(about(400))),
  ...shown("DynamoDB", Transient, new TransactionConflictException(about(400))),
  ...shown("DynamoDB", Transient, new TransactionInProgressException(about(400))),
  ...shown(
    "DynamoDB",
    Transient,
    new ReplicatedWriteConflictException(about(400)),
    new InternalServerError(about(500)),
  ),
  ...shown("Step Functions", Permanent, new ExecutionAlreadyExists(about(400))),
  ...shown("Step Functions", Throttled, new ExecutionLimitExceeded(about(400))),
  ...shown("S3", Permanent, new NoSuchKey(about(404))),
  {
    origin: "DynamoDB",
    title: "a transaction cancelled by a condition",
    thrown: () =>
      new TransactionCanceledException({
        ...about(400),
        CancellationReasons: [{ Code: "None" }, { Code: "ConditionalCheckFailed" }],
      }),
    as: Permanent,
  },
  {
    origin: "DynamoDB",
    title: "a transaction cancelled by another",
    thrown: () =>
      dynamo(
        400,
        "TransactionCanceledException",
        {},
        { CancellationReasons: [{ Code: "None" }, { Code: "TransactionConflict" }] },
      ),
    as: Transient,
  },
  {
    origin: "DynamoDB",
    title: "a transaction cancelled by throttling alone",
    thrown: () =>
      new TransactionCanceledException({
        ...about(400),
        CancellationReasons: [{ Code: "None" }, { Code: "ThrottlingError" }],
      }),
    as: Throttled,
  },
  {
    origin: "DynamoDB",
    title: "throttling over the wire, with Retry-After",
    thrown: () => dynamo(400, "ThrottlingException", { "retry-after": "9" }),
    as: Throttled,
    retryAfterSeconds: 9,
  },
  {
    origin: "DynamoDB",
    title: "access denied over the wire, as 400",
    thrown: () => dynamo(400, "AccessDeniedException"),
    as: Denied,
  },
  {
    origin: "DynamoDB",
    title: "an outage over the wire, with x-amz-retry-after",
    thrown: () => dynamo(503, "ServiceUnavailable", { "x-amz-retry-after": "1500" }),
    as: Transient,
    retryAfterSeconds: 1.5,
  },
  { origin: "S3", title: "SlowDown over the wire", thrown: () => s3(503, "SlowDown"), as: Throttled },
  {
    origin: "S3",
    title: "RequestTimeout over the wire, as 400",
    thrown: () => s3(400, "RequestTimeout"),
    as: Transient,
  },
  { origin: "S3", title: "InternalError over the wire", thrown: () => s3(500, "InternalError"), as: Transient },
  {
    origin: "S3",
    title: "PreconditionFailed over the wire",
    thrown: () => s3(412, "PreconditionFailed"),
    as: Permanent,
  },
  {
    origin: "S3",
    title: "two conditional writes at once, over the wire",
    thrown: () => s3(409, "ConditionalRequestConflict"),
    as: Transient,
  },
  { origin: "S3", title: "AccessDenied over the wire", thrown: () => s3(403, "AccessDenied"), as: Denied },
  {
    origin: "AWS SDK",
    title: "nobody at the endpoint",
    thrown: async () => {
      const endpoint = `http://127.0.0.1:${await deafPort()}`;
      return caught(() =>
        new DynamoDBClient({ ...options, endpoint }).send(new GetItemCommand({ TableName: "t", Key: {} })),
      );
    },
    as: Transient,
  },
  {
    origin: "AWS SDK",
    title: "a retryable error of an unknown name",
    thrown: () => serviceError("PeculiarException", 400, { $retryable: {} }),
    as: Transient,
  },
  {
    origin: "AWS SDK",
    title: "a throttling error of an unknown name",
    thrown: () => serviceError("PeculiarException", 400, { $retryable: { throttling: true } }),
    as: Throttled,
  },
  {
    origin: "AWS SDK",
    title: "a signature refused for a clock that has been corrected since",
    thrown: () =>
      serviceError("InvalidSignatureException", 403, { $metadata: { httpStatusCode: 403, clockSkewCorrected: true } }),
    as: Transient,
  },
  {
    origin: "AWS SDK",
    title: "an error of a stream, which has no status",
    thrown: () => new InternalServerError({ $metadata: {}, message: "m" }),
    as: Transient,
  },
  {
    origin: "AWS SDK",
    title: "a fault of the server, without status or known name",
    thrown: () => new DynamoDBServiceException({ name: "Odd", $fault: "server", $metadata: {} }),
    as: Transient,
  },
  {
    origin: "AWS SDK",
    title: "a fault of the client, whatever caused it",
    thrown: () =>
      Object.assign(new DynamoDBServiceException({ name: "Odd", $fault: "client", $metadata: {} }), {
        cause: { code: "ECONNRESET" },
      }),
    as: Permanent,
  },
  {
    origin: "AWS SDK",
    title: "no credentials",
    thrown: () =>
      Object.assign(new Error("Could not load credentials from any providers"), {
        name: "CredentialsProviderError",
        tryNextLink: false,
      }),
    as: Denied,
  },
  {
    origin: "AWS SDK",
    title: "no answer in time",
    thrown: () => Object.assign(new Error("@smithy/node-http-handler - timed out"), { name: "TimeoutError" }),
    as: Transient,
  },
  {
    origin: "AWS SDK, HTTP/2",
    title: "a stream cancelled since nobody answered",
    thrown: () =>
      Object.assign(new Error("The pending stream has been canceled", { cause: { code: "ECONNREFUSED" } }), {
        code: "ERR_HTTP2_STREAM_CANCEL",
        $metadata: { attempts: 1, totalRetryDelay: 0 },
      }),
    as: Transient,
  },
];
