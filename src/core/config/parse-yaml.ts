import { readYaml } from './yaml.ts';

export type ParsedYaml =
  | { readonly ok: true; readonly value: unknown }
  /** `line` and `column` count from 1; absent where the whole document is wrong. */
  | { readonly ok: false; readonly message: string; readonly line?: number | undefined; readonly column?: number | undefined };

/** The library looks through all anchors for each alias, so that their number bounds what a document can cost. */
const MOST_ALIASES = 1_000;

/**
 * The value of one YAML 1.2 document, in linear time, or its first error. A key that occurs twice in its section is one, and so
 * are more than 1,000 aliases, and aliases that stand for more than 100 nodes each. An empty document is `null`.
 */
export function parseYaml(source: string): ParsedYaml {
  const { document, lines, twice, aliases } = readYaml(source, {});
  const [repeated] = twice;
  if (repeated !== undefined) return { ok: false, message: 'Map keys must be unique', ...placeOf(repeated.range?.[0] ?? 0) };
  const [error] = document.errors;
  if (error !== undefined) return { ok: false, message: error.message, ...placeOf(error.pos[0]) };
  if (aliases > MOST_ALIASES) return { ok: false, message: `${aliases} aliases; a document has at most ${MOST_ALIASES}` };
  try {
    return { ok: true, value: document.toJS() };
  } catch (error) {
    return { ok: false, message: error instanceof Error ? error.message : String(error) };
  }

  function placeOf(offset: number): { readonly line: number; readonly column: number } {
    const { line, col } = lines.linePos(offset);
    return { line, column: col };
  }
}
