import { expect, test } from "vitest";
import { supportDesk } from "../../functions/support-desk/agent.ts";
import { mermaid } from "../../lib/compiler/index.ts";
import { and, defineAgent, eq, exists, lt, not, or } from "../../lib/definition/index.ts";
import { about, desk, Verdict } from "./agents/schemas.ts";
import { checked } from "./checked.ts";

test("the graph of a small agent, word for word", () => {
  const agent = defineAgent({ name: "small", ...about, escalations: { desk } })
    .step("look", { handler: "./look.ts", effect: "read", input: ($) => $.input, output: Verdict })
    .choose("route", {
      branches: [
        { name: "good", when: ($) => eq($.look.ok, true), steps: (flow) => flow.end(() => ({})) },
        { name: "fair", when: ($) => lt($.input.total, 5), steps: (flow) => flow },
      ],
      otherwise: (flow) => flow.approval("ask", { ladder: "desk", request: ($) => $.input }),
    })
    .parallel("both", { left: (flow) => flow.wait("rest", { for: "4h" }), right: (flow) => flow })
    .subflow("child", { agent: "other", input: () => ({}), output: Verdict });
  expect(mermaid(checked(agent))).toBe(`flowchart TD
  start([start])
  step_look["look<br/>read"]
  start --> step_look
  step_route{"route"}
  step_look --> step_route
  step_route_end_0([end])
  step_route -->|"good: look.ok = true"| step_route_end_0
  step_ask[/"ask<br/>asks desk"/]
  step_route -->|"otherwise"| step_ask
  step_both["both"]
  step_route -->|"fair: input.total #lt; 5"| step_both
  step_ask --> step_both
  step_rest("rest<br/>4h")
  step_both -->|"left"| step_rest
  step_child[["child<br/>other"]]
  step_rest --> step_child
  step_both -->|"right"| step_child
  finish([end])
  step_child --> finish
`);
});

const labelOf = (graph: string) => /\|(".*")\| step_rest$/m.exec(graph)?.[1];

test("literals of conditions cannot end a label or be markup in it", () => {
  const hostile = '"] --> gone["`**x**`<b>#35;&amp;\n%% end';
  const agent = defineAgent({ name: "hostile", ...about }).choose("route", {
    branches: [
      { name: "odd", when: ($) => eq($.input.id, hostile), steps: (flow) => flow.wait("rest", { for: "1s" }) },
    ],
    otherwise: (flow) => flow,
  });
  expect(labelOf(mermaid(checked(agent)))).toBe(
    '"odd: input.id = #quot;\\#quot;] --#gt; gone[\\#quot;#96;**x**#96;#lt;b#gt;#35;35;#amp;amp;\\n%% end#quot;"',
  );
});

test("mixed conditions say which belong together", () => {
  const agent = defineAgent({ name: "mixed", ...about }).choose("route", {
    branches: [
      {
        name: "odd",
        when: ($) => or(and(exists($.input.note), eq($.input.total, 1)), not(eq($.input.id, "a"))),
        steps: (flow) => flow.wait("rest", { for: "1s" }),
      },
    ],
    otherwise: (flow) => flow,
  });
  expect(labelOf(mermaid(checked(agent)))).toBe(
    '"odd: (input.note exists and input.total = 1) or not (input.id = #quot;a#quot;)"',
  );
});

test("steps with the names of Mermaid's own words stay steps", () => {
  const agent = defineAgent({ name: "words", ...about })
    .wait("end", { for: "1s" })
    .wait("start", { for: "1s" })
    .wait("finish", { for: "1s" });
  expect(mermaid(checked(agent)).match(/^ {2}\w+(?=[([])/gm)).toEqual([
    "  start",
    "  step_end",
    "  step_start",
    "  step_finish",
    "  finish",
  ]);
});

test("what reasons is told from what runs code", () => {
  expect(mermaid(checked(supportDesk))).toContain('  step_resolve{{"resolve<br/>reasons"}}\n');
});
