import { escalationKey, peopleKey } from "../../contract/index.ts";
import type { Key } from "../../ports/index.ts";
import { runOfEscalation } from "../identity.ts";

export const keyOfEscalation = (id: string): Key => ({ pk: peopleKey(runOfEscalation(id)), sk: escalationKey(id) });
