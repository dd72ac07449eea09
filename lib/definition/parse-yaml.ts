import { Lexer, Parser, parse, YAMLParseError } from "yaml";

const MAX_DEPTH = 100;
const MAX_ALIASES = 100;

/**
 * The data of a YAML text. Its depth is found first by the parser that needs no stack, since the one that builds values
 * runs out of stack on deep nesting, and takes the process with it.
 *
 * @throws RangeError for nesting beyond any document's, SyntaxError for malformed text, in one line, and what `yaml` throws for too many aliases.
 */
export function parseYaml(text: string): unknown {
  const parser = new Parser();
  for (const lexeme of new Lexer().lex(text)) {
    Array.from(parser.next(lexeme));
    if (parser.stack.length > MAX_DEPTH) throw new RangeError(`Nested deeper than ${MAX_DEPTH} levels. Flatten it.`);
  }
  try {
    return parse(text, { maxAliasCount: MAX_ALIASES });
  } catch (error) {
    throw error instanceof YAMLParseError ? new SyntaxError(withoutExcerpt(error)) : error;
  }
}

/** What is wrong, and where. */
const withoutExcerpt = ({ message }: YAMLParseError) => message.replace(/:?\n.*$/s, "");
