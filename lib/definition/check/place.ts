/** A path into a document as people write it: `steps[2].input.supplier`. */
export function placeOf(path: readonly PropertyKey[]): string {
  return path.reduce<string>(
    (place, part) =>
      typeof part === "number" ? `${place}[${part}]` : place === "" ? String(part) : `${place}.${String(part)}`,
    "",
  );
}
