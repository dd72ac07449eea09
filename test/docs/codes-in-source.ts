const LITERAL = /"([a-z]+(?:-[a-z]+)*)"/g;

/**
 * The stable codes that modules give to errors: to HoldfastError, to functions that pass a `code` on to it, as the `code`
 * of a report, and at the head of the causes that compiled machines write.
 */
export function codesInSource(sources: ReadonlyMap<string, string>): string[] {
  const texts = [...sources.values()];
  const forwarders = texts.flatMap((text) =>
    [...text.matchAll(/(?:const|function) (\w+)(?: =)? ?\(code: string/g)].map(([, name = ""]) => name),
  );
  const codes = texts.flatMap((text) => [
    ...callsOf("HoldfastError", text).flatMap(([, code = ""]) => literalsOf(code, text, texts)),
    ...forwarders.flatMap((name) => callsOf(name, text).flatMap(([code = ""]) => literalsOf(code, text, texts))),
    ...[...text.matchAll(/\bcode: "([a-z]+(?:-[a-z]+)*)"/g)].map(([, code = ""]) => code),
    ...[...text.matchAll(/cause: .*?[`"]([a-z]+(?:-[a-z]+)*): /g)].map(([, code = ""]) => code),
  ]);
  return [...new Set(codes)].sort();
}

/** The codes in an argument: literals, those of a choice between two, of a constant of the module, or of one by name among several of any. */
function literalsOf(argument: string, text: string, texts: readonly string[]): string[] {
  const [, group, name] = /^\s*([A-Z]\w*)\.(\w+)\s*$/.exec(argument) ?? [];
  if (group !== undefined) {
    const one = new RegExp(`const ${group} = \\{[^}]*\\b${name}: (".*?")`);
    return texts.flatMap((each) => [...(one.exec(each)?.[1] ?? "").matchAll(LITERAL)].map(([, code = ""]) => code));
  }
  const constant = /^\s*([A-Z][A-Z_]*)\s*$/.exec(argument)?.[1];
  const said = constant === undefined ? argument : (new RegExp(`const ${constant} = (".*?");`).exec(text)?.[1] ?? "");
  return [...said.matchAll(LITERAL)].map(([, code = ""]) => code);
}

/** The arguments of every call of a function in a text, as text. */
function callsOf(name: string, text: string): string[][] {
  return [...text.matchAll(new RegExp(`\\b${name}\\(`, "g"))].map(({ 0: call, index }) =>
    argumentsAt(text, index + call.length),
  );
}

function argumentsAt(text: string, start: number): string[] {
  const found = [""];
  let depth = 0;
  for (let at = start; at < text.length; at += 1) {
    const character = text[at] ?? "";
    if (character === '"' || character === "`") {
      const end = closingOf(text, at);
      found.push(`${found.pop() ?? ""}${text.slice(at, end + 1)}`);
      at = end;
      continue;
    }
    if (")]}".includes(character)) depth -= 1;
    if (depth < 0) break;
    if ("([{".includes(character)) depth += 1;
    if (character === "," && depth === 0) found.push("");
    else found.push(`${found.pop() ?? ""}${character}`);
  }
  return found;
}

function closingOf(text: string, start: number): number {
  for (let at = start + 1; at < text.length; at += 1) {
    if (text[at] === "\\") at += 1;
    else if (text[at] === text[start]) return at;
  }
  return text.length;
}
