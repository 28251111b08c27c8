/** The list grammar that `Accept` and `Accept-Encoding` share (RFC 9110, section 12.4): values with parameters and a weight. */

export interface AcceptEntry {
  /** Lower case, e.g. `text/plain` or `gzip`. */
  readonly value: string;
  /** Names in lower case, values unquoted. Without `q`. */
  readonly params: ReadonlyMap<string, string>;
  /** Weight from 0 (rejected) to 1. */
  readonly q: number;
}

const weight = /^(?:0(?:\.\d*)?|1(?:\.0*)?|\.\d+)$/;

/**
 * The entries in the header's order. An entry with an unreadable weight is left out; the others still count. Takes linear time.
 */
export function parseAccept(header: string): readonly AcceptEntry[] {
  return split(header, ',').flatMap((text) => parseEntry(text) ?? []);
}

function parseEntry(text: string): AcceptEntry | undefined {
  const [value, ...rest] = split(text, ';');
  if (value === undefined) return undefined;
  const params = new Map<string, string>();
  for (const pair of rest) {
    const equals = pair.indexOf('=');
    if (equals > 0) params.set(pair.slice(0, equals).trim().toLowerCase(), unquoted(pair.slice(equals + 1).trim()));
  }
  const q = params.get('q') ?? '1';
  params.delete('q');
  return weight.test(q) ? { value: value.toLowerCase(), params, q: Number(q) } : undefined;
}

/** Trimmed, without empty pieces. A separator in a quoted string is part of it; an unterminated string extends to the end. */
function split(text: string, separator: string): readonly string[] {
  const pieces: string[] = [];
  let from = 0;
  let quoted = false;
  for (let at = 0; at < text.length; at++) {
    const char = text[at];
    if (quoted && char === '\\') at++;
    else if (char === '"') quoted = !quoted;
    else if (char === separator && !quoted) {
      pieces.push(text.slice(from, at).trim());
      from = at + 1;
    }
  }
  pieces.push(text.slice(from).trim());
  return pieces.filter((piece) => piece !== '');
}

function unquoted(text: string): string {
  return text.length > 1 && text.startsWith('"') && text.endsWith('"') ? text.slice(1, -1).replace(/\\(.)/g, '$1') : text;
}
