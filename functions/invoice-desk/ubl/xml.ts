import { SaxesParser } from "saxes";
import { hasDoctype, malformed, tooComplex, wrongEncoding } from "./problems.ts";

/** An XML element. Its name has the prefix that {@link PREFIXES} gives its namespace, whatever the document calls it. */
export interface Element {
  readonly name: string;
  readonly namespace: string;
  readonly local: string;
  readonly attributes: ReadonlyMap<string, string>;
  readonly children: Element[];
  text: string;
}

const UBL = "urn:oasis:names:specification:ubl:schema:xsd";
const PREFIXES: ReadonlyMap<string, string> = new Map([
  [`${UBL}:Invoice-2`, "invoice"],
  [`${UBL}:CreditNote-2`, "credit-note"],
  [`${UBL}:CommonAggregateComponents-2`, "cac"],
  [`${UBL}:CommonBasicComponents-2`, "cbc"],
]);

/** Signed extensions are the deepest that UBL gets, at about 20. */
const MAX_DEPTH = 100;
/** Elements and attributes together: some 25 000 invoice lines. It bounds the memory that 10 MB of "<a/>" can take. */
const MAX_NODES = 500_000;

function decode(bytes: Uint8Array): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    throw wrongEncoding("not valid UTF-8");
  }
}

/**
 * Parses untrusted XML in one linear pass and stops at the first thing that is wrong with it.
 *
 * @throws `invoice-encoding`, `invoice-malformed`, `invoice-doctype`, `invoice-too-complex`
 */
export function parseXml(bytes: Uint8Array): Element {
  const document: Element = { name: "", namespace: "", local: "", attributes: new Map(), children: [], text: "" };
  const open = [document];
  const parser = new SaxesParser({ xmlns: true });
  const innermost = () => open.at(-1) ?? document;
  const addText = (text: string) => {
    innermost().text += text;
  };

  let nodes = 0;
  const countNode = () => {
    nodes += 1;
    if (nodes > MAX_NODES) throw tooComplex(`${MAX_NODES} elements and attributes`);
  };

  parser.on("error", (error) => {
    throw malformed(error.message);
  });
  parser.on("xmldecl", ({ encoding }) => {
    if (encoding !== undefined && encoding.toLowerCase() !== "utf-8") throw wrongEncoding(`declared as ${encoding}`);
  });
  parser.on("doctype", () => {
    throw hasDoctype();
  });
  parser.on("attribute", countNode);
  parser.on("opentag", ({ uri, local, attributes }) => {
    countNode();
    if (open.length > MAX_DEPTH) throw tooComplex(`${MAX_DEPTH} elements inside one another`);
    const element: Element = {
      name: `${PREFIXES.get(uri) ?? "other"}:${local}`,
      namespace: uri,
      local,
      attributes: new Map(Object.values(attributes).map(({ name, value }) => [name, value])),
      children: [],
      text: "",
    };
    innermost().children.push(element);
    open.push(element);
  });
  parser.on("closetag", () => {
    open.pop();
  });
  parser.on("text", addText);
  parser.on("cdata", addText);

  parser.write(decode(bytes)).close();
  const [root] = document.children;
  if (root === undefined) throw malformed("there is no root element");
  return root;
}
