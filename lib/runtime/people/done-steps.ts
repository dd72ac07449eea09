import {
  isUndoPath,
  type Json,
  type JsonObject,
  loopAction,
  parseJson,
  readActionKey,
  undoPath,
} from "../../contract/index.ts";
import type { PeopleEntry } from "../../definition/index.ts";
import type { Item } from "../../ports/index.ts";
import { claimOf } from "../claims.ts";
import { bounded, boundedText, sizeOf } from "./bounded.ts";
import type { KnownValues } from "./known-values.ts";
import { isTold, saidOn, toldInLoop } from "./loop-actions.ts";
import type { Packet } from "./packet.ts";
import { redact } from "./redact.ts";

type Done = Packet["done"][number];

const MOST_STEPS = 40;
const MOST_ACTIONS = 20;
const RESULT_BYTES = 2 * 1_024;
/** Leaving less than this out would save nothing. */
const SMALL_BYTES = 24;
const NAME_BYTES = 200;

/** A value in brief, and as it is shown where there is room. */
interface Shown {
  readonly brief: Json;
  full(): Json;
}

interface Draft extends Pick<Done, "path" | "status" | "attempts"> {
  readonly output: Shown;
  readonly actions: readonly { readonly key: string; readonly status: string; readonly result: Shown }[];
  readonly earlierActions: number;
}

interface Sources {
  readonly entry: PeopleEntry;
  readonly steps: readonly Item[];
  readonly actions: readonly Item[];
}

/**
 * The last steps of a run, oldest first, in so many bytes of JSON. Where they do not fit, the oldest lose the values of
 * their outputs and results first, then their actions, and then are left out.
 */
export function doneSteps(sources: Sources, known: KnownValues, bytes: number): Pick<Packet, "done" | "earlierSteps"> {
  const all = draftsOf(sources, known);
  let left = bytes;
  const take = (size: number) => {
    if (size > left) return false;
    left -= size;
    return true;
  };
  const kept: Draft[] = [];
  for (const draft of all.slice(-MOST_STEPS).reverse()) {
    const bare = { ...draft, actions: [], earlierActions: draft.earlierActions + draft.actions.length };
    const fitting = [draft, bare].find((one) => take(sizeOf(written(one, ({ brief }) => brief)) + 1));
    if (fitting === undefined) break;
    kept.push(fitting);
  }
  let isFull = false;
  const show = ({ brief, full }: Shown): Json => {
    if (isFull) return brief;
    const value = full();
    isFull = !take(sizeOf(value) - sizeOf(brief));
    return isFull ? brief : value;
  };
  const done = kept.map((draft) => written(draft, show)).reverse();
  const earlierSteps = all.length - done.length;
  return { done, ...(earlierSteps > 0 ? { earlierSteps } : {}) };
}

/** Values are asked for newest first. */
function written(
  { path, status, attempts, output, actions, earlierActions }: Draft,
  show: (shown: Shown) => Json,
): Done {
  return {
    path,
    status,
    attempts,
    output: show(output),
    actions: actions
      .toReversed()
      .map((action) => ({ ...action, result: show(action.result) }))
      .reverse(),
    ...(earlierActions > 0 ? { earlierActions } : {}),
  };
}

/** A step that takes no lease and is under way is known by its actions only. */
function draftsOf({ entry, steps, actions }: Sources, known: KnownValues): Draft[] {
  const acted = byVisit(actions.map(actionOf));
  const checkpoints = new Map(steps.map((item) => [visitOf(item), item]));
  const isUndone = ({ path, visit }: Item) =>
    checkpoints.get(`${undoPath(String(path))}#${visit}`)?.status === "committed";
  const names = Object.keys(entry.steps);
  const reached = steps
    .filter(({ path }) => !isUndoPath(String(path)))
    .sort(
      (a, b) =>
        byTime(startOf(a), startOf(b)) ||
        names.indexOf(String(a.step)) - names.indexOf(String(b.step)) ||
        byPath(String(a.path), String(b.path)),
    );
  const checkpointed = reached.map((item): Draft => {
    const isCommitted = item.status === "committed";
    const schema = entry.steps[String(item.step)]?.output;
    return {
      path: boundedText(String(item.path), NAME_BYTES),
      status: !isCommitted ? "under way" : isUndone(item) ? "undone" : "completed",
      attempts: Number(item.attempt),
      output: isCommitted ? shownOf(item, "output", (value) => redact(value, schema, known)) : NOTHING,
      ...actionsShown(entry, acted.get(visitOf(item)) ?? [], known),
    };
  });
  const others = [...acted].filter(([visit]) => !checkpoints.has(visit));
  return [
    ...checkpointed,
    ...others.map(
      ([, own]): Draft => ({
        path: boundedText(own[0]?.path ?? "", NAME_BYTES),
        status: "under way",
        attempts: null,
        output: NOTHING,
        ...actionsShown(entry, own, known),
      }),
    ),
  ];
}

interface Action {
  readonly visit: string;
  readonly path: string;
  readonly key: string;
  readonly item: Item;
}

function actionOf(item: Item): Action {
  const { path, visit, key } = readActionKey(item.sk);
  return { visit: `${path}#${visit}`, path, key, item };
}

function byVisit(actions: readonly Action[]): Map<string, Action[]> {
  const groups = new Map<string, Action[]>();
  for (const action of actions) {
    const group = groups.get(action.visit);
    if (group === undefined) groups.set(action.visit, [action]);
    else group.push(action);
  }
  return groups;
}

function actionsShown(
  { tools }: PeopleEntry,
  all: readonly Action[],
  known: KnownValues,
): Pick<Draft, "actions" | "earlierActions"> {
  const place = ({ item }: Action) => Number(item.index ?? Number.MAX_SAFE_INTEGER);
  const inLoop = all.some(isTurn);
  const actions = inLoop ? all.filter(({ key }) => isTold(key)) : all;
  const last = [...actions].sort((a, b) => place(a) - place(b) || byPath(a.key, b.key)).slice(-MOST_ACTIONS);
  return {
    actions: last.map(({ key, item }) => ({
      key: boundedText(key, NAME_BYTES),
      status: boundedText(String(item.status), NAME_BYTES),
      result: shownOf(item, "result", (value) => {
        const show = (part: Json, schema?: JsonObject) => redact(part, schema, known);
        return inLoop ? toldInLoop(tools, key, value, show) : show(value);
      }),
    })),
    earlierActions: actions.length - last.length,
  };
}

/** By which a loop is known; a handler's own actions may have the names of a loop's. */
const isTurn = ({ key, item: { result } }: Action) =>
  loopAction(key)?.kind === "turn" && result !== undefined && saidOn(parsed(result)) !== undefined;

const NOTHING: Shown = { brief: null, full: () => null };

/** What an item keeps under a name. What is kept apart is not fetched, and where it is kept is not told. */
function shownOf(item: Item, name: string, redacted: (value: Json) => Json): Shown {
  const text = item[name];
  if (item[claimOf(name)] !== undefined) return { brief: { kept: "apart" }, full: () => ({ kept: "apart" }) };
  if (text === undefined) return NOTHING;
  const full = () => bounded(redacted(parsed(text)), RESULT_BYTES);
  const bytes = Buffer.byteLength(String(text));
  return bytes <= SMALL_BYTES ? { brief: full(), full } : { brief: { cut: "", bytes }, full };
}

/** The value of JSON text that an item keeps; what cannot be read is told so. */
export function parsed(text: Item[string]): Json {
  const value = parseJson(String(text));
  return value === undefined ? "[unreadable]" : value;
}

const visitOf = ({ path, visit }: Item) => `${path}#${visit}`;
/** What is under way comes after all that is completed. */
const startOf = ({ startedAt = "~" }: Item) => String(startedAt);
/** Times in ISO 8601, as text. */
export const byTime = (a: string, b: string) => (a === b ? 0 : a < b ? -1 : 1);
const byPath = (a: string, b: string) => a.localeCompare(b, "en", { numeric: true });
