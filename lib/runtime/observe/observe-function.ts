import type { Annotations, Span } from "../../ports/index.ts";
import { classify } from "../classify/index.ts";
import type { Observers } from "./observers.ts";

/**
 * What a function of the platform does, as others see it: a span, and where it fails a line in the log.
 *
 * @param about the run, if it is known, and the agent.
 * @throws HoldfastError the function's failure, under its class name.
 */
export function observeFunction<Result>(
  { tracer, log }: Pick<Observers, "tracer" | "log">,
  name: string,
  about: Annotations,
  work: (span: Span) => Promise<Result>,
): Promise<Result> {
  return tracer.span(name, about, async (span) => {
    try {
      return await work(span);
    } catch (error) {
      const failure = classify(error);
      const { name: errorClass, code } = failure;
      span.annotate({ error_class: errorClass, error_code: code });
      const { run, ...rest } = about;
      const own = log.with({ ...(run === undefined ? {} : { correlation_id: run }), ...rest });
      own.error(`${name} failed`, { error_class: errorClass, error_code: code });
      throw failure;
    }
  });
}
