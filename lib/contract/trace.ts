/**
 * What spans say of themselves. X-Ray indexes at most 50 annotations of a trace, under keys of letters, digits and
 * underscores; names and meanings are a contract with who searches traces.
 *
 * @see https://docs.aws.amazon.com/xray/latest/devguide/xray-api-segmentdocuments.html
 * @see https://opentelemetry.io/docs/specs/semconv/registry/attributes/gen-ai/
 */
export type TraceAnnotation =
  /** Id of the run: on every span, so that what a trace is too short for can be put together again. */
  | "run"
  | "agent"
  /** Of the function, or `local`. */
  | "version"
  | "step"
  | "path"
  | "attempt"
  /** `none`, `read` or `write`. */
  | "effect"
  | "action"
  /** `performed` or `recorded`, of an action; `completed`, `failed` or `paused`, of an attempt. */
  | "outcome"
  | "error_class"
  | "error_code"
  /** Of models and tools: names of OpenTelemetry's semantic conventions for generative AI, with underscores for dots. */
  | "gen_ai_operation_name"
  | "gen_ai_provider_name"
  | "gen_ai_request_model"
  | "gen_ai_response_finish_reasons"
  | "gen_ai_usage_input_tokens"
  | "gen_ai_usage_output_tokens"
  | "gen_ai_tool_name"
  | "gen_ai_tool_call_id";

/** Longest text of an annotation that is indexed whole (AWS X-Ray developer guide: segment documents). */
export const LONGEST_ANNOTATION = 250;
