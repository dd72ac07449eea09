/** Functions that take time and space in proportion to their arguments. */
const LINEAR_FUNCTIONS = new Set(
  (
    "abs boolean ceil count exists floor keys length lookup lowercase max min merge millis not now number parse " +
    "power random round sqrt string substring substringAfter substringBefore sum trim type uppercase uuid values"
  ).split(" "),
);

const LEAVES = new Set(["name", "variable", "string", "number", "value"]);

/**
 * Whether an expression can only take time in proportion to its data: no loops of its own, no regular expressions,
 * nothing evaluated once an item. What is bounded needs no watchdog.
 *
 * @param node a node of JSONata's syntax tree.
 */
export function isBounded(node: unknown): boolean {
  if (!isNode(node)) return false;
  if (node.predicate !== undefined || node.group !== undefined || node.stages !== undefined) return false;
  const type = String(node.type);
  if (LEAVES.has(type)) return true;
  switch (type) {
    case "path":
      return every(node.steps, (step) => isNode(step) && isLeafOf(step) && isBounded(step));
    case "binary":
      return node.value !== ".." && isBounded(node.lhs) && isBounded(node.rhs);
    case "unary":
      return isBoundedUnary(node);
    case "condition":
      return [node.condition, node.then, node.else ?? { type: "value" }].every(isBounded);
    case "block":
      return every(node.expressions, isBounded);
    case "function":
      return isLinearCall(node.procedure) && every(node.arguments, isBounded);
    default:
      return false;
  }
}

type Node = Readonly<Record<string, unknown>>;

const isNode = (node: unknown): node is Node => typeof node === "object" && node !== null;
const isLeafOf = (step: Node) => LEAVES.has(String(step.type));
const every = (nodes: unknown, test: (node: unknown) => boolean) => Array.isArray(nodes) && nodes.every(test);

function isBoundedUnary(node: Node): boolean {
  if (node.value === "-") return isBounded(node.expression);
  if (node.value === "[") return every(node.expressions, isBounded);
  return node.value === "{" && every(node.lhs, (pair) => every(pair, isBounded));
}

const isLinearCall = (procedure: unknown) =>
  isNode(procedure) && procedure.type === "variable" && LINEAR_FUNCTIONS.has(String(procedure.value));
