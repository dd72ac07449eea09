import type { JsonObject } from "../../contract/index.ts";

/** A request that is refused, as AWS would refuse it. */
export class ApiError extends Error {
  override readonly name = "ApiError";

  /**
   * @param code what AWS calls it: the `__type` of the answer.
   * @param status of HTTP.
   * @param members of the answer, besides code and message.
   */
  constructor(
    readonly code: string,
    message: string,
    readonly status = 400,
    readonly members: JsonObject = {},
  ) {
    super(message);
  }
}
