/** The list grammar that `Accept` and `Accept-Encoding` share (RFC 9110, section 12.4): values with parameters and a weight. */

export interface AcceptEntry {
  /** Lower case, e.g. `text/plain` or `gzip`. */
  readonly value: string;
  /** Names in lower case, values unquoted. Without `q`. */
  readonly params: ReadonlyMap<string, string>;
  /** Weight from 0 (refused) to 1. */
  readonly q: number;
}

const element = /(?:[^,"]|"(?:[^"\\]|\\.)*")+/g;
const part = /(?:[^;"]|"(?:[^"\\]|\\.)*")+/g;
const weight = /^(?:0(?:\.\d*)?|1(?:\.0*)?|\.\d+)$/;

/** The entries in the header's order. An entry whose weight cannot be read is left out, the others still count. */
export function parseAccept(header: string): readonly AcceptEntry[] {
  return (header.match(element) ?? []).flatMap((text) => parseEntry(text) ?? []);
}

function parseEntry(text: string): AcceptEntry | undefined {
  const [value = '', ...rest] = (text.match(part) ?? []).map((piece) => piece.trim());
  if (value === '') return undefined;
  const params = new Map<string, string>();
  for (const pair of rest) {
    const equals = pair.indexOf('=');
    if (equals > 0) params.set(pair.slice(0, equals).trim().toLowerCase(), unquoted(pair.slice(equals + 1).trim()));
  }
  const q = params.get('q') ?? '1';
  params.delete('q');
  return weight.test(q) ? { value: value.toLowerCase(), params, q: Number(q) } : undefined;
}

function unquoted(text: string): string {
  return text.length > 1 && text.startsWith('"') && text.endsWith('"') ? text.slice(1, -1).replace(/\\(.)/g, '$1') : text;
}
