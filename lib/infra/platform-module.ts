import { fileURLToPath } from "node:url";

/** The path of a module of the platform, as JavaScript. */
export const platformModule = (name: string) =>
  JSON.stringify(fileURLToPath(new URL(`../../functions/platform/${name}.ts`, import.meta.url)));
