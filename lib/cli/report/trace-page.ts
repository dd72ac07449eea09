import { createHash } from "node:crypto";
import { moment, span } from "../moments.ts";
import { isWork, timeScale } from "./time-scale.ts";
import { toldOf, type Waterfall, type WaterfallSegment } from "./waterfall.ts";

const STYLE = `
:root { color-scheme: light dark; font: 14px/1.4 system-ui, sans-serif; }
body { margin: 1.5rem; }
h1 { font-size: 1.2rem; margin: 0; }
p { margin: .2rem 0 1rem; opacity: .75; }
ol { list-style: none; margin: 0; padding: 0; }
summary { display: grid; grid-template-columns: minmax(12rem, 30%) 1fr 7rem minmax(8rem, 18%); gap: .75rem; padding: .15rem .25rem; cursor: pointer; border-radius: .25rem; }
summary:hover, summary:focus-visible { background: color-mix(in srgb, currentColor 10%, transparent); }
summary > * { overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
.took { text-align: right; font-variant-numeric: tabular-nums; }
.told { opacity: .8; }
svg { width: 100%; height: 1rem; align-self: center; }
rect { fill: #2f81f7; }
.wait rect { fill: #8b949e; opacity: .6; }
.failed rect { fill: #d1242f; }
.failed .told { color: light-dark(#b1121d, #ff7b72); opacity: 1; }
.in-progress rect { fill: #bf8700; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .1rem 1rem; margin: .25rem 0 .75rem 2rem; font-size: .9em; }
dt { opacity: .7; }
dd { margin: 0; overflow-wrap: anywhere; }
${Array.from({ length: 16 }, (_, depth) => `.d${depth} .name { padding-left: ${depth * 1.1}rem; }`).join("\n")}
`;

const POLICY = `default-src 'none'; style-src 'sha256-${createHash("sha256").update(STYLE).digest("base64")}'; base-uri 'none'; form-action 'none'`;
const DEEPEST = 15;

/** A trace as a page of its own: no script, nothing from elsewhere. Each line opens to what is known of it. */
export function tracePage({ runId, startedAt, ms, segments, traceIds }: Waterfall): string {
  const { at, isShortened } = timeScale(segments.filter(isWork), ms);
  const when = startedAt === null ? "No segments." : `${moment(startedAt)}, ${span(ms)}`;
  const note = isShortened ? " Time in which nothing is done is drawn short." : "";
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${POLICY}">
<meta name="viewport" content="width=device-width">
<title>${escaped(runId)}</title>
<style>${STYLE}</style>
</head>
<body>
<h1>${escaped(runId)}</h1>
<p>${escaped(when)}${note}<br>trace ${escaped(traceIds.join(", "))}</p>
<ol>
${segments.map((segment) => item(segment, at)).join("\n")}
</ol>
</body>
</html>
`;
}

function item(segment: WaterfallSegment, at: (time: number) => number): string {
  const { name, depth, status, start, ms } = segment;
  const classes = [`d${Math.min(depth, DEEPEST)}`, status, ...(isWork(segment) ? [] : ["wait"])].join(" ");
  const from = percent(at(start));
  const width = percent(Math.max(0.002, at(start + ms) - at(start)));
  return `<li class="${classes}"><details><summary><span class="name">${escaped(name)}</span><svg aria-hidden="true"><rect x="${from}" width="${width}" y="15%" height="70%" rx="2"/></svg><span class="took">${escaped(span(ms))}</span><span class="told">${escaped(toldOf(segment))}</span></summary><dl>${factsOf(segment)}</dl></details></li>`;
}

const percent = (part: number) => `${(100 * part).toFixed(3)}%`;

const factsOf = ({ id, kind, status, start, annotations }: WaterfallSegment): string =>
  Object.entries({ segment: id, kind, status, start: `+${span(start)}`, ...annotations })
    .map(([key, value]) => `<dt>${escaped(key)}</dt><dd>${escaped(String(value))}</dd>`)
    .join("");

const ENTITIES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};
const escaped = (text: string): string => text.replaceAll(/[&<>"']/g, (character) => ENTITIES[character] ?? "");
