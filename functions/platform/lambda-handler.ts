import { classify, toFunctionError } from "../../lib/runtime/index.ts";

/** A Lambda handler that fails as the state machine expects it: under an error class, with a code, without a stack. */
export const lambdaHandler =
  <Event, Result>(run: (event: Event) => Promise<Result>) =>
  async (event: Event): Promise<Result> => {
    try {
      return await run(event);
    } catch (error) {
      throw toFunctionError(classify(error));
    }
  };
