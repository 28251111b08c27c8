/**
 * The keys and values of a YAML file with their places, so that every problem names its own. Values are strings, as the file spells them.
 */
import { isAlias, isMap, isScalar, isSeq, type Node, Scalar } from 'yaml';
import type { Problem } from '../errors/error.ts';
import { readYaml } from './yaml.ts';

/** A value and the path to it; undefined where a key has no value. */
export interface Field {
  /** The keys that lead to it, joined with dots: `tls_server_config.cert_file`. */
  readonly keys: string;
  readonly node: Node | undefined;
  /** The key's node, for a value that is absent. */
  readonly offset: number;
}

export type Fields = ReadonlyMap<string, Field>;

export interface Reader {
  /** All problems so far. */
  readonly problems: Problem[];
  /** The keys of the whole file. */
  root(known: readonly string[]): Fields;
  /** The keys below a key. `known`: the allowed ones; undefined: any. */
  section(field: Field | undefined, known?: readonly string[]): Fields;
  /** A string; undefined where the value is absent or not a string. Empty and null values are absent, as for Go's YAML. */
  text(field: Field | undefined): string | undefined;
  flag(field: Field | undefined): boolean | undefined;
  texts(field: Field | undefined): readonly { readonly text: string; readonly field: Field }[];
  refuse(field: Field, got: string, rule: string, fix: string): void;
}

const nothing: ReadonlySet<string> = new Set(['', '~', 'null', 'Null', 'NULL']);
/** The longest key or value in a message, in characters. */
const longest = 120;
/** YAML 1.1, which Go's parser implements. */
const yes = /^(?:y|yes|true|on)$/i;
const no = /^(?:n|no|false|off)$/i;

/**
 * Parses a file's contents. `path` is the user's name for the file. A problem repeats none of the contents, except values that cannot be
 * secrets.
 */
export function readFields(path: string, source: string): Reader {
  // "failsafe" keeps every value a string: `X-XSS-Protection: 1` is a string, and so a user's name may be a number.
  const { document, lines, twice, target } = readYaml(source, { schema: 'failsafe', prettyErrors: false });
  const problems: Problem[] = [
    ...document.errors.map(({ code, pos }) => ({
      at: place(pos[0]),
      got: `what YAML calls ${code}`,
      rule: 'a web configuration is one YAML document',
      fix: 'correct the syntax here',
    })),
    ...twice.map(({ range }) => ({
      at: place(range?.[0] ?? 0),
      got: 'a key twice',
      rule: 'a key stands once in its section',
      fix: 'keep one of the two',
    })),
  ];

  function place(offset: number): string {
    const { line, col } = lines.linePos(offset);
    return `${path}:${line}:${col}`;
  }

  function refuse({ keys, node, offset }: Field, got: string, rule: string, fix: string): void {
    const at = place(node?.range?.[0] ?? offset);
    problems.push({ at: keys === '' ? at : `${at} ${shortened(keys)}`, got: shortened(got), rule, fix });
  }

  function resolved(node: unknown): Node | undefined {
    if (!isAlias(node)) return node as Node | undefined;
    const found = target(node);
    if (found === undefined) {
      const rule = 'an alias (*NAME) names an anchor (&NAME) above it';
      problems.push({
        at: place(node.range?.[0] ?? 0),
        got: 'an alias of nothing',
        rule,
        fix: 'add the anchor, or put the string in quotes',
      });
    }
    return found;
  }

  function isNothing(node: Node | undefined): boolean {
    return node == null || (isScalar(node) && node.type === Scalar.PLAIN && nothing.has(String(node.value)));
  }

  function section(field: Field | undefined, known?: readonly string[]): Fields {
    const found = new Map<string, Field>();
    if (field === undefined || isNothing(field.node)) return found;
    if (!isMap(field.node)) {
      refuse(field, kindOf(field.node), 'it has keys below it', known === undefined ? 'write KEY: VALUE' : `use ${known.join(', ')}`);
      return found;
    }
    for (const { key, value } of field.node.items) {
      const name = resolved(key);
      const offset = name?.range?.[0] ?? field.offset;
      const above = { ...field, node: name };
      if (!isScalar(name)) refuse(above, kindOf(name), 'a key is a string', 'write KEY: VALUE');
      else if (known?.includes(String(name.value)) === false) {
        refuse(above, JSON.stringify(name.value), 'there is no such key here, or it is not supported', `use ${known.join(', ')}`);
      } else {
        const keys = field.keys === '' ? String(name.value) : `${field.keys}.${name.value}`;
        found.set(String(name.value), { keys, node: resolved(value), offset });
      }
    }
    return found;
  }

  function text(field: Field | undefined): string | undefined {
    if (field === undefined || isNothing(field.node)) return undefined;
    if (isScalar(field.node)) return String(field.node.value) === '' ? undefined : String(field.node.value);
    refuse(field, kindOf(field.node), 'it is a string', 'write one value');
    return undefined;
  }

  return Object.freeze({
    problems,
    root: (known: readonly string[]) => section({ keys: '', node: resolved(document.contents), offset: 0 }, known),
    section,
    text,
    flag(field: Field | undefined) {
      const given = text(field);
      if (given === undefined || field === undefined) return undefined;
      const plain = isScalar(field.node) && field.node.type === Scalar.PLAIN;
      if (plain && (yes.test(given) || no.test(given))) return yes.test(given);
      refuse(field, JSON.stringify(given), 'it is true or false', 'write true or false, without quotes');
      return undefined;
    },
    texts(field: Field | undefined) {
      if (field === undefined || isNothing(field.node)) return [];
      if (!isSeq(field.node)) {
        refuse(field, kindOf(field.node), 'it is a list', 'write one "- VALUE" a line');
        return [];
      }
      return field.node.items.flatMap((item, index) => {
        const one: Field = { keys: `${field.keys}[${index}]`, node: resolved(item), offset: field.offset };
        const given = text(one);
        return given === undefined ? [] : [{ text: given, field: one }];
      });
    },
    refuse,
  });
}

/** Shortened, because the log line names the key's place anyway. */
function shortened(text: string): string {
  return text.length > longest ? `${text.slice(0, longest - 1)}…` : text;
}

function kindOf(node: unknown): string {
  if (isMap(node)) return 'a section';
  return isSeq(node) ? 'a list' : 'a single value';
}
