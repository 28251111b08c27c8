/** Prometheus' templates in annotations and labels: queries in them, and `$labels`. */
import { type Decoded, decodedText, partOf, type Text } from '../source/text.ts';
import type { UsedExpression, Uses } from './use.ts';

/** What follows `{{`, up to `}}`. */
const action = /(?:\}?(?:[^}"`]|"(?:[^"\\\n]|\\.)*"|`[^`]*`))*\}\}/y;
/** Of an action, in which all of them end. */
const strings = /"(?:[^"\\\n]|\\.)*"?|`[^`]*`?/g;
const labels = /(?:\$labels|\.Labels)\.([A-Za-z_][A-Za-z0-9_]*)/g;
const indexed = /\bindex\s+(?:\$labels|\.Labels)\s+"([A-Za-z_][A-Za-z0-9_]*)"/g;

/** Adds what a template uses; `rule` is the expression whose result `$labels` is of. */
export function readTemplate(text: Text, place: string, rule: UsedExpression, uses: Uses): void {
  for (const { action, index } of actionsIn(text.text)) {
    const piped = lastPipe(action);
    for (const found of [...action.matchAll(labels), ...action.matchAll(indexed)]) {
      const name = found[1] ?? '';
      const from = index + found.index + found[0].lastIndexOf(name);
      uses.labels.push({ kind: 'template', place, name: partOf(text, from, from + name.length), of: [rule] });
    }
    for (const found of action.matchAll(strings)) {
      if (!isQueried(action, found.index, found.index + found[0].length, piped)) continue;
      const query = goString(text, index + found.index, found[0]);
      uses.expressions.push({
        kind: 'template',
        language: 'promql',
        place,
        text: query,
        promql: printed(query.text),
        opaque: [],
      });
    }
  }
}

/** One that does not end is no template, and neither is what follows it. */
function* actionsIn(text: string) {
  for (let index = text.indexOf('{{'); index >= 0; index = text.indexOf('{{', action.lastIndex)) {
    action.lastIndex = index + 2;
    const found = action.exec(text);
    if (found === null) return;
    const end = action.lastIndex;
    yield { action: text.slice(index, end), index };
    action.lastIndex = end;
  }
}

/** Where something goes into `query` for the last time. */
function lastPipe(action: string): number {
  let last = -1;
  for (const { index } of action.matchAll(/\|\s{0,40}query\b/g)) last = index;
  return last;
}

/** `query "…"`, or a string that goes through `printf` into `query`. */
function isQueried(action: string, from: number, to: number, piped: number): boolean {
  const before = action.slice(Math.max(0, from - 40), from);
  if (/\bquery\s*(?:\(\s*)?$/.test(before)) return true;
  return /\bprintf\s*$/.test(before) && (piped >= to || /\bquery\s*\(\s*printf\s*$/.test(before));
}

/** What `printf` fills in becomes a text of the same length: within quotes any, and `%q` brings its own. */
function printed(text: string): string {
  return text.replaceAll('%q', '""');
}

/** A string of Go's in a template. */
function goString(outer: Text, from: number, written: string): Text {
  const inner = partOf(outer, from + 1, from + written.length - 1);
  if (written.startsWith('`')) return inner;
  const decoded = decodeGo(inner.text);
  return decodedText(inner, decoded, (text) => JSON.stringify(text).slice(1, -1));
}

const simple: Readonly<Record<string, string>> = { a: '\x07', b: '\b', f: '\f', n: '\n', r: '\r', t: '\t', v: '\v' };

function decodeGo(text: string): Decoded {
  const starts: number[] = [];
  const ends: number[] = [];
  let decoded = '';
  for (const { 0: unit, index } of text.matchAll(/\\(?:x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|[\s\S])|[\s\S]/g)) {
    const letter = unit[1] ?? '';
    if (unit.length === 1) decoded += unit;
    else if (unit.length > 2) decoded += String.fromCharCode(Number.parseInt(unit.slice(2), 16));
    else decoded += simple[letter] ?? letter;
    starts.push(index);
    ends.push(index + unit.length);
  }
  return { text: decoded, starts, ends, begin: 0 };
}
