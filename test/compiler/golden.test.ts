import { describe, expect, test } from "vitest";
import { invoiceDesk } from "../../functions/invoice-desk/agent.ts";
import { compile, limitProblems, mermaid, worstCase } from "../../lib/compiler/index.ts";
import type { AnyFlow } from "../../lib/definition/index.ts";
import { expectGolden } from "../golden-file.ts";
import { earlyEnds } from "./agents/early-ends.ts";
import { failureWays } from "./agents/failure-ways.ts";
import { gatedWrites } from "./agents/gated-writes.ts";
import { lastApproval } from "./agents/last-approval.ts";
import { lastChoice } from "./agents/last-choice.ts";
import { lastEach } from "./agents/last-each.ts";
import { lastParallel } from "./agents/last-parallel.ts";
import { lastSubflow } from "./agents/last-subflow.ts";
import { lastTask } from "./agents/last-task.ts";
import { lastWait } from "./agents/last-wait.ts";
import { nothingToUndoFor } from "./agents/nothing-to-undo-for.ts";
import { reasoning } from "./agents/reasoning.ts";
import { undoneWithoutPeople } from "./agents/undone-without-people.ts";
import { checked } from "./checked.ts";
import { followPaths } from "./paths.ts";
import { byAslValidator, byLanguageService } from "./validators.ts";

const agents: readonly AnyFlow[] = [
  earlyEnds,
  failureWays,
  gatedWrites,
  invoiceDesk,
  lastApproval,
  lastChoice,
  lastEach,
  lastParallel,
  lastSubflow,
  lastTask,
  lastWait,
  nothingToUndoFor,
  reasoning,
  undoneWithoutPeople,
];

describe.each(agents.map((declared) => checked(declared)).map((agent) => [agent.name, agent] as const))(
  "%s",
  (name, agent) => {
    const machine = compile(agent);
    const file = (kind: string) => new URL(`./golden/${name}.${kind}`, import.meta.url);

    test("compiles to its golden machine", () => {
      expectGolden(file("golden.json"), `${JSON.stringify(machine, null, 2)}\n`);
    });

    test("is taken by asl-validator and by AWS's language service", async () => {
      expect(byAslValidator(machine)).toEqual([]);
      expect(await byLanguageService(machine)).toEqual([]);
    });

    test("has no path on which a variable is read before it is assigned", () => {
      expect(followPaths(machine).unassigned).toEqual([]);
    });

    test("has its golden worst case and graph", () => {
      expect(limitProblems(agent)).toEqual([]);
      expectGolden(file("worst-case.golden.json"), `${JSON.stringify(worstCase(agent), null, 2)}\n`);
      expectGolden(file("golden.mmd"), mermaid(agent));
    });
  },
);
