/** Strings of PromQL: Go's, in double quotes, single quotes or backticks. */

const escapes: Readonly<Record<string, string>> = { a: '\x07', b: '\b', f: '\f', n: '\n', r: '\r', t: '\t', v: '\v' };
const escaped = /\\(?:x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|([0-7]{3})|(.))/gs;

export function unquote(text: string): string {
  const inner = text.slice(1, -1);
  if (text.startsWith('`')) return inner;
  return inner.replace(escaped, (_all, x?: string, u?: string, long?: string, octal?: string, one?: string) => {
    if (one !== undefined) return escapes[one] ?? one;
    const code = octal === undefined ? Number.parseInt(x ?? u ?? long ?? '', 16) : Number.parseInt(octal, 8);
    return code <= 0x10ffff ? String.fromCodePoint(code) : '';
  });
}

/** In the quotes that `like` has, where the value can stand in them. */
export function quote(value: string, like = '"'): string {
  const mark = like.startsWith('`') && !value.includes('`') ? '`' : like.startsWith("'") ? "'" : '"';
  if (mark === '`') return `\`${value}\``;
  const inside = value.replaceAll('\\', '\\\\').replaceAll('\n', '\\n').replaceAll(mark, `\\${mark}`);
  return `${mark}${inside}${mark}`;
}

/** A pattern of RE2 that matches exactly this text. */
export const literalPattern = (value: string) => value.replace(/[\\.+*?()|[\]{}^$]/g, '\\$&');

/** The texts that a pattern of literals and `|` matches; undefined: it is another pattern. */
export function alternatives(pattern: string): readonly string[] | undefined {
  const bare = /^\((?:\?:)?([^()]*)\)$/.exec(pattern)?.[1] ?? pattern;
  const parts = bare.match(/(?:\\[\\.+*?()|[\]{}^$/-]|[^\\|])+|\|/g) ?? [];
  if (parts.join('') !== bare) return undefined;
  const texts: string[] = [];
  for (const part of bare.split(/(?<!\\)\|/)) {
    if (/(?<!\\)[.+*?()[\]{}^$]/.test(part) || part === '') return undefined;
    texts.push(part.replace(/\\(.)/g, '$1'));
  }
  return texts;
}

/** As label names stand in an expression: others than `a_b1` in quotes. */
export const labelText = (name: string) => (/^[a-zA-Z_][a-zA-Z0-9_]*$/.test(name) ? name : quote(name));
