/** A request that is refused, as AWS would refuse it. */
export class ApiError extends Error {
  override readonly name = "ApiError";

  /**
   * @param code what AWS calls it: the `__type` of the answer.
   * @param status of HTTP.
   */
  constructor(
    readonly code: string,
    message: string,
    readonly status = 400,
  ) {
    super(message);
  }
}
