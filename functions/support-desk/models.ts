import { gte, or, type Refs } from "../../lib/definition/index.ts";

/** What answers while nobody says otherwise: offline, at no cost, the requests of the fixtures. */
const SCRIPT = "scripted/scripts/desk.yaml";

/** Calls keep failing, or turns add up. */
const struggles = ($: Refs<{ turn: number; failures: number }>) => or(gte($.failures, 2), gte($.turn, 6));

/**
 * The models of the desk, by the environment of whoever checks, runs or deploys it:
 * `SUPPORT_DESK_MODEL=eu.anthropic.claude-haiku-4-5-20251001-v1:0`, and if need be `SUPPORT_DESK_STRONG_MODEL`, for
 * what the first struggles with, and `SUPPORT_DESK_FALLBACK_MODEL`, for when the others cannot be asked.
 */
export function modelsOf(environment: Readonly<Record<string, string | undefined>>) {
  const {
    SUPPORT_DESK_MODEL: first = SCRIPT,
    SUPPORT_DESK_STRONG_MODEL: model,
    SUPPORT_DESK_FALLBACK_MODEL: fallback,
  } = environment;
  return {
    first,
    ...(model === undefined ? {} : { strong: { model, when: struggles } }),
    ...(fallback === undefined ? {} : { fallback }),
  };
}
