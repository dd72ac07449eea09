import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Json } from "../../../lib/contract/index.ts";
import type { Packet } from "../../../lib/runtime/people/packet.ts";
import { type LiveEscalation, packetMarkdown } from "../../../lib/runtime/people/packet-markdown.ts";

/** A packet with everything in it; every text in it is made by `text`. */
const packetOf = (text: (ordinary: string) => string): Packet => ({
  format: 1,
  escalation: {
    id: "desk-1-0000000a",
    ladder: text("clerks"),
    tier: 1,
    tiers: 2,
    audience: text("ap-clerks"),
    openedAt: text("2026-01-01T00:00:00.000Z"),
    approvals: 2,
    members: [text("ann"), text("ben")],
  },
  run: { id: text("desk-1"), agent: text("desk"), goal: text("Pay what is due."), startedAt: text("2026-01-01") },
  input: { [text("invoice")]: text("a.xml") },
  question: {
    kind: "failure",
    step: text("pay"),
    path: text("lines#2/pay"),
    text: text("What shall be done?"),
    request: [{ [text("to")]: text("CH93"), amount: 3 }],
    requestDigest: "0123abcd",
    recommendation: text("Pay it."),
  },
  error: { class: text("Holdfast.Permanent"), code: text("refused"), message: text("No such account."), attempts: 3 },
  done: [
    {
      path: text("look-up"),
      status: "completed",
      attempts: 2,
      output: { found: text("yes") },
      actions: [{ key: text("ask"), status: text("done"), result: text("ok") }],
      earlierActions: 4,
    },
    { path: text("pay"), status: "under way", attempts: 1, output: null, actions: [] },
  ],
  earlierSteps: 7,
  asked: [
    {
      id: text("desk-1-0000000b"),
      tier: 1,
      audience: text("ap-lead"),
      status: text("decided"),
      decision: text("retry"),
      decidedBy: text("cy"),
    },
  ],
  options: [
    { decision: "retry", consequence: text("pay is tried again.") },
    { decision: "override", consequence: text("Your output stands in.") },
    { decision: "raise", consequence: text("More is spent.") },
  ],
  spent: { tokens: 1_200, usd: 0.03 },
});

const live = (text: (ordinary: string) => string, more: Partial<LiveEscalation> = {}): LiveEscalation => ({
  status: text("open"),
  deadline: text("2026-01-01T04:00:00.000Z"),
  digest: "feed",
  decision: null,
  decidedBy: null,
  votes: [{ by: text("dee"), decision: text("retry") }],
  ...more,
});

const same = (text: string) => text;

interface Parts {
  /** What stands outside of blocks of code, by line. */
  readonly lines: readonly string[];
  readonly blocks: readonly { readonly language: string; readonly text: string }[];
}

/** Reads blocks of code as CommonMark does. */
function partsOf(markdown: string): Parts {
  const lines: string[] = [];
  const blocks: { language: string; text: string }[] = [];
  let open: { fence: string; language: string; text: string[] } | undefined;
  for (const line of markdown.split(/\r\n|\r|\n/)) {
    const [, fence = "", rest = ""] = /^ {0,3}(`{3,}|~{3,})([^`]*)$/.exec(line) ?? [];
    if (open !== undefined) {
      if (fence.startsWith(open.fence) && rest.trim() === "") {
        blocks.push({ language: open.language, text: open.text.join("\n") });
        open = undefined;
      } else open.text.push(line);
    } else if (fence !== "") open = { fence, language: rest, text: [] };
    else lines.push(line);
  }
  expect(open, "a block of code is left open").toBeUndefined();
  return { lines, blocks };
}

/** A line without its code spans and escaped characters. */
const bare = (line: string) =>
  line
    .replaceAll(/(?<![\\`])(`+)(?!`)(.*?)(?<!`)\1(?!`)/g, "⟦code⟧")
    .replaceAll(/\\[!-/:-@[-`{-~]/g, "")
    .replaceAll(/&(?:amp|lt|gt);/g, "");

const startOf = (line: string) => /^(#+ |\*\*| *- |)/.exec(line)?.[1];

describe("a packet in Markdown", () => {
  it("tells everything that there is to decide by", () => {
    const { lines, blocks } = partsOf(packetMarkdown(packetOf(same), live(same)));
    expect(lines.filter((line) => line !== "")).toEqual([
      "# desk asks ap-clerks about pay",
      "**What shall be done?**",
      "- Status: open",
      "- Deadline: `2026-01-01T04:00:00.000Z`",
      "- Asked: tier 1 of 2 of ladder `clerks`, at `2026-01-01T00:00:00.000Z`",
      "- 2 different people must decide alike.",
      "- May decide: `ann`, `ben`",
      "- Vote: `retry` by `dee`",
      "## Options",
      "- `retry`: pay is tried again.",
      "- `override`: Your output stands in.",
      "- `raise`: More is spent.",
      "## Request",
      "## What went wrong",
      "`Holdfast.Permanent`, `refused`, after 3 attempts:",
      "## Recommendation",
      "## Run",
      "- Run: `desk-1`",
      "- Goal: Pay what is due.",
      "- Started: `2026-01-01`",
      "- Step: `lines#2/pay`",
      "- Spent: 1200 tokens, 0.03 USD",
      "Input:",
      "## Done so far",
      "- 7 earlier steps are left out.",
      '- `look-up`: completed, at attempt 2, `{"found":"yes"}`',
      "  - 4 earlier actions are left out.",
      '  - `ask`: done, `"ok"`',
      "- `pay`: under way",
      "## Asked before",
      "- `desk-1-0000000b`: tier 1, ap-lead, decided: `retry` by `cy`",
      "## How to decide",
      "Of a deployed platform, `--stack <its stack>` takes the place of `--as <you>`.",
      "- Digest of the request: `0123abcd`",
      "- Digest of this packet: `feed`",
    ]);
    expect(blocks).toEqual([
      { language: "json", text: JSON.stringify([{ to: "CH93", amount: 3 }], null, 2) },
      { language: "text", text: "No such account." },
      { language: "text", text: "Pay it." },
      { language: "json", text: JSON.stringify({ invoice: "a.xml" }, null, 2) },
      {
        language: "text",
        text: [
          "npx holdfast decide desk-1-0000000a --decision retry --seen feed --as <you>",
          "npx holdfast decide desk-1-0000000a --decision override --seen feed --as <you> --output <file>",
          "npx holdfast decide desk-1-0000000a --decision raise --seen feed --as <you> --raise <amounts>",
        ].join("\n"),
      },
    ]);
  });

  it("leaves out what there is not, and tells a decision", () => {
    const packet = packetOf(same);
    const short: Packet = {
      ...packet,
      escalation: { ...packet.escalation, approvals: 1, members: null },
      run: { ...packet.run, startedAt: null },
      question: { ...packet.question, request: null, requestDigest: null, recommendation: { pay: true } },
      error: null,
      done: [],
      asked: [],
      spent: {},
    };
    const { earlierSteps: _, ...rest } = short;
    const decided = live(same, { status: "decided", decision: "retry", decidedBy: "ann", votes: [] });
    const { lines, blocks } = partsOf(packetMarkdown(rest, decided));
    expect(lines).toContain("- Decided: `retry` by `ann`");
    expect(lines).toContain("- Nothing yet.");
    expect(lines.filter((line) => line.startsWith("#"))).toEqual([
      "# desk asks ap-clerks about pay",
      "## Options",
      "## Recommendation",
      "## Run",
      "## Done so far",
      "## How to decide",
    ]);
    expect(lines.join("\n")).not.toMatch(/Spent|May decide|Digest of the request|Started|different people|Vote/);
    expect(blocks[0]).toEqual({ language: "json", text: JSON.stringify({ pay: true }, null, 2) });
  });
});

const hostileParts = [
  ...[
    "`",
    "```",
    "``````",
    "~~~",
    "\n",
    "\r",
    "\r\n",
    "\n```\n",
    "\n\n# approved\n\n",
    "\n- ",
    "\n\n    ",
    "\n---\n",
    "\n===\n",
  ],
  ...[
    "|",
    "\\",
    "\\`",
    "*",
    "**",
    "_",
    "[a](https://evil.example)",
    "![a](x)",
    "[a]: x",
    "<b>",
    "<!--",
    "-->",
    "</div>",
  ],
  ...["<script>alert(1)</script>", "&lt;", "&#x3c;", "https://evil.example", "www.evil.example", "a@evil.example"],
  ...[
    "\u001b[2J",
    "\u001b]8;;https://evil\u0007",
    "\u0000",
    "\u0008",
    "\u007f",
    "\u009b31m",
    "\u202e",
    "\u2066",
    "\u200b",
  ],
  ...[
    "\ufeff",
    "\u2028",
    "\u2029",
    "\u00ad",
    "\u061c",
    "\u{e0041}",
    "\ufe0f",
    "\u3164",
    "\ud800",
    "# ",
    "- ",
    "1. ",
    "> ",
    "    ",
    "\t",
  ],
  ...["a", " ", "Tür", "😀", "$&", "$1", "decide", "<you>"],
];
const hostile = fc.array(fc.constantFrom(...hostileParts), { maxLength: 8 }).map((parts) => parts.join(""));

describe("hostile text", () => {
  it("stays in its place: the lines and blocks are those of an ordinary packet", () => {
    const ordinary = partsOf(packetMarkdown(packetOf(same), live(same)));
    fc.assert(
      fc.property(fc.array(hostile, { minLength: 1, maxLength: 6 }), (texts) => {
        let turn = 0;
        const next = () => `${texts[turn++ % texts.length]}`;
        const markdown = packetMarkdown(packetOf(next), live(next));
        const { lines, blocks } = partsOf(markdown);
        expect(lines.map(startOf)).toEqual(ordinary.lines.map(startOf));
        expect(blocks.map(({ language }) => language)).toEqual(ordinary.blocks.map(({ language }) => language));
        for (const line of lines)
          expect(bare(line.replace(/^\*\*|\*\*$/g, ""))).not.toMatch(/[<>|[\]_*~`&@]|:\/\/|www\./);
        expect(markdown.replaceAll(/[\n\t]/g, "")).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u);
      }),
      { numRuns: 500 },
    );
  });

  it("in JSON reads back as the same value", () => {
    const value = fc.oneof(hostile, fc.array(hostile), fc.dictionary(hostile, hostile));
    fc.assert(
      fc.property(value, (request: Json) => {
        const packet = packetOf(same);
        const markdown = packetMarkdown({ ...packet, question: { ...packet.question, request } }, live(same));
        expect(JSON.parse(partsOf(markdown).blocks[0]?.text ?? "")).toEqual(request);
      }),
    );
  });

  it.each([
    ["a<b>&c", "- Goal: a&lt;b&gt;&amp;c"],
    ["a|b\nc", "- Goal: a\\|b ⏎ c"],
    ["\u202egoal", "- Goal: ⟨U+202E⟩goal"],
    ["\u001b[31mred", "- Goal: ⟨U+001B⟩\\[31mred"],
    ["# big", "- Goal: \\# big"],
    ["1. first", "- Goal: 1\\. first"],
  ])("is spelled out: %j", (goal, line) => {
    const packet = packetOf(same);
    const { lines } = partsOf(packetMarkdown({ ...packet, run: { ...packet.run, goal } }, live(same)));
    expect(lines).toContain(line);
  });

  it("of many lines keeps them in its block", () => {
    const packet = packetOf(same);
    const message = "a\r\nb\n```\n# c\u0007";
    const markdown = packetMarkdown(
      { ...packet, error: { class: "E", code: "c", message, attempts: null } },
      live(same),
    );
    expect(partsOf(markdown).blocks[1]).toEqual({ language: "text", text: "a\nb\n```\n# c⟨U+0007⟩" });
  });

  it("of JSON in depth does not grow by its indentation", () => {
    let request: Json = Array(5_000).fill(1);
    for (let level = 0; level < 90; level += 1) request = [request];
    const packet = packetOf(same);
    const markdown = packetMarkdown({ ...packet, question: { ...packet.question, request } }, live(same));
    expect(markdown.length).toBeLessThan(15_000);
  });
});
