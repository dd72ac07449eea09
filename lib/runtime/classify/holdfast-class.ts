import { ErrorClass } from "../../contract/index.ts";

const CLASSES = new Map<string, ErrorClass>(Object.values(ErrorClass).map((name) => [name, name]));

/** The class of a Holdfast error by its name, whichever copy of the module made it. */
export const holdfastClass = (name: string | undefined): ErrorClass | undefined => CLASSES.get(name ?? "");
