const UNSEEN = /[\p{C}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/gu;

/** A text with all that nobody would see in it spelt out as JSON spells it: JSON stays the same JSON. */
export const spelt = (text: string): string =>
  text.replace(UNSEEN, (character) => character.split("").map(escaped).join(""));

const escaped = (unit: string) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`;

/** Characters of a text that is not cut. */
export const SHOWN = 400;

/** A stranger's text as people may look at it: on one line, in quotes, and cut. @param most characters. @default 400 */
export const quoted = (text: string, most = SHOWN): string =>
  spelt(JSON.stringify(text.length <= most ? text : `${text.slice(0, most)}…`));
