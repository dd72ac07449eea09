import { pathToFileURL } from "node:url";
import { eventOf, isSchedule, type LoadedAgent } from "../../definition/index.ts";
import type { Delivery } from "../../local/index.ts";
import { loadProject } from "../agents.ts";
import { ExitCode } from "../exit-codes.ts";
import type { Invocation } from "../invocation.ts";
import { table } from "../table.ts";
import type { Terminal } from "../terminal.ts";
import { withPlatform } from "../with-platform.ts";

/** Runs the platform until it is told to stop: takes open runs up, starts runs of events, answers AWS's clients, and people. */
export async function dev(invocation: Invocation, options: { readonly port: number }): Promise<ExitCode> {
  const { root, terminal } = invocation;
  const agents = await loadProject(invocation);
  return withPlatform(invocation, agents, [], async (platform) => {
    const resumed = await platform.resume();
    const server = await platform.serve({
      port: options.port,
      base: pathToFileURL(`${root}/`).href,
      onDelivery: (delivery) => terminal.err(deliveryLine(terminal, delivery)),
    });
    announce(invocation, { endpoint: server.endpoint, agents, resumed: resumed.length });
    await stopSignal();
    terminal.err("Stopping when the steps under way are done. Stop again to leave them to the next start.");
    await server.close();
    return ExitCode.ok;
  });
}

/** Resolves on the first signal to stop; a second one ends the process as it does any other. */
function stopSignal(): Promise<void> {
  return new Promise((resolve) => {
    const stop = () => {
      for (const signal of ["SIGINT", "SIGTERM"]) process.off(signal, stop);
      resolve();
    };
    for (const signal of ["SIGINT", "SIGTERM"]) process.on(signal, stop);
  });
}

interface Ready {
  readonly endpoint: string;
  readonly agents: readonly LoadedAgent[];
  readonly resumed: number;
}

function announce({ terminal, json }: Invocation, { endpoint, agents, resumed }: Ready): void {
  if (json) {
    const described = agents.map(({ name, document }) => ({ name, triggers: document.triggers }));
    terminal.out(JSON.stringify({ endpoint, agents: described }));
    return;
  }
  const { bold, dim } = terminal.colors;
  const triggers = agents.flatMap(({ name, document }) =>
    document.triggers.map((trigger) => {
      const { source, detailType } = eventOf(trigger);
      return [name, source, detailType, isSchedule(trigger) ? `time of ${trigger.schedule}` : trigger.dedupeBy];
    }),
  );
  const hasSchedules = agents.some(({ document }) => document.triggers.some(isSchedule));
  terminal.out(
    [
      `Step Functions and EventBridge at ${bold(endpoint)}, for this machine only; signatures are not checked`,
      dim(`  export AWS_ENDPOINT_URL_SFN=${endpoint} AWS_ENDPOINT_URL_EVENTBRIDGE=${endpoint}`),
      "",
      table(["agent", "source", "detail type", "one run for each"], triggers),
      ...(hasSchedules
        ? [dim("No clock sends the events of schedules here: put them, or use npx holdfast run --event.")]
        : []),
      "",
      `${resumed} open runs taken up`,
    ].join("\n"),
  );
}

function deliveryLine({ colors }: Terminal, delivery: Delivery): string {
  const { event } = delivery;
  const words = `${event.source} ${event["detail-type"]} ${colors.dim(event.id)}`;
  switch (delivery.kind) {
    case "started":
      return `${words} ${delivery.run.isNew ? "starts" : "was run before, as"} ${delivery.run.runId}`;
    case "refused":
      return `${words} ${colors.red(`refused by ${delivery.agent}`)}: ${delivery.reason}`;
    case "unmatched":
      return `${words} ${colors.yellow("matches no trigger")}`;
  }
}
