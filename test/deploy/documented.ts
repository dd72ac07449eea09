import { readFile } from "node:fs/promises";

/** The commands of a section of docs/deploy-locally.md that this project can run by itself, in their order. */
export async function documented(section: string, { adapted }: { readonly adapted: boolean }): Promise<string[]> {
  const text = await readFile("docs/deploy-locally.md", "utf8");
  const body = new RegExp(`^## ${section}$(.*?)(?=^## |(?![\\s\\S]))`, "ms").exec(text)?.[1] ?? "";
  return [...body.matchAll(/^\$ (.*)$/gm)]
    .map(([, command = ""]) => command)
    .filter((command) => adapted || !command.includes("ministack.ts"));
}
