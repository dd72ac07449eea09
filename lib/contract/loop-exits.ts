/** What a model calls to come to an end of its reasoning step. No tool may have these names. */
export const ANSWER = "answer";
export const ASK_PEOPLE = "ask-people";
