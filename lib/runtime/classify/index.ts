export { classify } from "./classify.ts";
export { isSurelyNotApplied } from "./surely-not-applied.ts";
export { isSurelyUnserved } from "./surely-unserved.ts";
