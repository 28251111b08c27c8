/**
 * Grafana's variables in PromQL: each is replaced by a text of the same length that the grammar allows in its place, so that
 * positions stay true.
 * `$name`, `${name}`, `${name:format}`, `[[name]]`, `[[name:format]]`.
 */

const variable = /\$\{([A-Za-z_][\w.]*)(?::[^}$]*)?\}|\[\[([A-Za-z_][\w.]*)(?::[^[\]]*)?\]\]|\$([A-Za-z_]\w*)/y;
const numbers = /^__(?:interval_ms|range_s|range_ms|from|to)$/;

interface State {
  /** The quotation mark of the string that it is in. */
  quote: string;
  /** `{` and `[` that are open. */
  readonly open: string[];
}

/** What a variable stands for is not known: the analysis leaves these ranges alone. */
export interface Range {
  readonly from: number;
  readonly to: number;
}

export interface Masked {
  readonly promql: string;
  readonly opaque: readonly Range[];
}

export function masked(text: string): Masked {
  const parts: string[] = [];
  const opaque: Range[] = [];
  const state: State = { quote: '', open: [] };
  let at = 0;
  while (at < text.length) {
    variable.lastIndex = at;
    const found = variable.exec(text);
    if (found === null) {
      const length = step(text, at, state);
      parts.push(text.slice(at, at + length));
      at += length;
      continue;
    }
    const end = at + found[0].length;
    const name = found[1] ?? found[2] ?? found[3] ?? '';
    parts.push(
      standIn({ length: end - at, name, before: text.slice(Math.max(0, at - 20), at), after: text.slice(end, end + 20) }, state),
    );
    opaque.push({ from: at, to: end });
    at = end;
  }
  return { promql: parts.join(''), opaque };
}

/** Characters that one step passes: an escape is two. */
function step(text: string, at: number, state: State): number {
  const char = text[at] ?? '';
  if (state.quote !== '') {
    if (char === '\\' && state.quote !== '`') return Math.min(2, text.length - at);
    if (char === state.quote) state.quote = '';
  } else if (char === '"' || char === "'" || char === '`') state.quote = char;
  else if (char === '#') {
    const end = text.indexOf('\n', at);
    return (end < 0 ? text.length : end) - at;
  } else if (char === '{' || char === '[') state.open.push(char);
  else if (char === '}' || char === ']') state.open.pop();
  return 1;
}

interface Place {
  readonly length: number;
  readonly name: string;
  readonly before: string;
  readonly after: string;
}

function standIn({ length, name, before, after }: Place, { quote, open }: State): string {
  const word = 'x'.repeat(length);
  if (quote !== '') return word;
  const inside = open.at(-1);
  const joined = /[\w:]$/.test(before) || /^[\w:$]/.test(after);
  if (inside === '[' || /\boffset\s+-?$/.test(before))
    return duration(length, /\d$/.test(before), /^(?:ms|[smhdwy])/.test(after));
  if (inside === '{' && /[{,]\s*$/.test(before) && /^\s*[,}]/.test(after))
    return length < 4 ? ' '.repeat(length) : 'x=""'.padEnd(length);
  if (/@\s*$/.test(before) || (numbers.test(name) && !joined)) return '1'.repeat(length);
  // An aggregation or function of the user's choice.
  if (
    inside !== '{' &&
    !joined &&
    /^\s*(?:\(|by\b|without\b)/.test(after) &&
    !/\b(?:by|without|on|ignoring|group_left|group_right)\s*$/.test(before)
  ) {
    return length < 3 ? 'ln' : 'sum'.padEnd(length);
  }
  return word;
}

function duration(length: number, digitBefore: boolean, unitAfter: boolean): string {
  const ones = '1'.repeat(length);
  if (unitAfter) return ones;
  return digitBefore ? 's'.padEnd(length) : `${ones.slice(1)}s`;
}
