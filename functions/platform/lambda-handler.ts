import type { Annotations, Span } from "../../lib/ports/index.ts";
import { classify, observeFunction, toFunctionError } from "../../lib/runtime/index.ts";
import { observers } from "./observers.ts";

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

/** The same for a function of the platform, which is observed. @param about what it is called for. */
export const platformHandler = <Event, Result>(
  name: string,
  about: (event: Event) => Annotations,
  run: (event: Event, span: Span) => Promise<Result>,
) => lambdaHandler((event: Event) => observeFunction(observers, name, about(event), (span) => run(event, span)));
