/**
 * The characters of a YAML scalar (YAML 1.2.2, chapters 7 and 8) and where each is in the file. The value is the library's; this
 * says where it comes from.
 */
import type { Decoded } from './text.ts';

/** Collects decoded units with their ranges. */
class Units {
  readonly #parts: string[] = [];
  readonly starts: number[] = [];
  readonly ends: number[] = [];

  /** `text` of one or more units that one range stands for: the first has it, the others are empty behind it. */
  push(text: string, from: number, to: number): void {
    this.#parts.push(text);
    for (let i = 0; i < text.length; i++) {
      this.starts.push(i === 0 ? from : to);
      this.ends.push(to);
    }
  }

  done(begin: number): Decoded {
    return { text: this.#parts.join(''), starts: this.starts, ends: this.ends, begin };
  }
}

const codes: Readonly<Record<string, string>> = {
  '0': '\0',
  a: '\x07',
  b: '\b',
  e: '\x1b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  '\t': '\t',
  v: '\v',
  N: '\x85',
  _: '\xa0',
  L: '\u2028',
  P: '\u2029',
  ' ': ' ',
  '"': '"',
  '/': '/',
  '\\': '\\',
};
const digits: Readonly<Record<string, number>> = { x: 2, u: 4, U: 8 };

/** White space up to a line break, the break, and what is empty behind it. */
const fold = /[ \t]*(?:\r?\n[ \t]*)+/y;
const blanks = /[ \t]+/y;

/** A scalar in quotes, or plain; `from` up to `to` without the quotes. */
export function flowScalar(text: string, from: number, to: number, style: 'plain' | 'single' | 'double'): Decoded {
  const units = new Units();
  let at = from;
  while (at < to) {
    const char = text[at] ?? '';
    if (char === ' ' || char === '\t' || char === '\r' || char === '\n') at = white(text, at, to, units);
    else if (style === 'single' && char === "'") {
      units.push("'", at, at + 2);
      at += 2;
    } else if (style === 'double' && char === '\\') at = escaped(text, at, units);
    else {
      units.push(char, at, at + 1);
      at++;
    }
  }
  return units.done(from);
}

/** One line break becomes a space; more become one less. */
function white(text: string, at: number, to: number, units: Units): number {
  fold.lastIndex = at;
  const folded = fold.exec(text)?.[0];
  if (folded !== undefined && at + folded.length <= to) {
    const breaks = folded.split('\n').length - 1;
    units.push(breaks === 1 ? ' ' : '\n'.repeat(breaks - 1), at, at + folded.length);
    return at + folded.length;
  }
  blanks.lastIndex = at;
  const run = blanks.exec(text)?.[0] ?? text[at] ?? '';
  for (let i = 0; i < run.length; i++) units.push(run[i] ?? '', at + i, at + i + 1);
  return at + run.length;
}

function escaped(text: string, at: number, units: Units): number {
  const letter = text[at + 1] ?? '';
  const broken = /^\r?\n[ \t]*/.exec(text.slice(at + 1, at + 3));
  if (broken !== null) {
    blanks.lastIndex = at + 1 + (letter === '\r' ? 2 : 1);
    return blanks.lastIndex + (blanks.exec(text)?.[0].length ?? 0);
  }
  const length = digits[letter];
  if (length === undefined) {
    units.push(codes[letter] ?? `\\${letter}`, at, at + 2);
    return at + 2;
  }
  const code = Number.parseInt(text.slice(at + 2, at + 2 + length), 16);
  units.push(code <= 0x10ffff ? String.fromCodePoint(code) : '', at, at + 2 + length);
  return at + 2 + length;
}

interface Line {
  readonly from: number;
  /** Spaces at its begin. */
  readonly indent: number;
  /** Behind its last character, without the line break. */
  readonly to: number;
  /** Of the next one. */
  readonly next: number;
}

/** Everything that a block scalar's text depends on besides its lines. */
export interface BlockHeader {
  readonly folded: boolean;
  readonly chomp: '' | '-' | '+';
  /** Of the content; undefined: that of the first line that is not empty. */
  readonly indent: number | undefined;
}

export interface Block extends Decoded {
  /** Of its content: what a new line in it begins with. */
  readonly indent: number;
}

/** A literal or folded block; `from` up to `to` are its lines, below the header. */
export function blockScalar(text: string, from: number, to: number, header: BlockHeader): Block {
  const lines = linesOf(text, from, to);
  const isEmpty = (line: Line) => line.from + line.indent >= line.to;
  const first = lines.findIndex((line) => !isEmpty(line));
  const indent = header.indent ?? lines[first]?.indent ?? 0;
  // Spaces beyond the indentation are content, also at the end.
  const last = lines.findLastIndex((line) => !isEmpty(line) || line.indent > indent);
  const units = new Units();
  if (first >= 0) content(text, lines.slice(0, last + 1), { folded: header.folded, indent, units, isEmpty });
  const rest = lines.slice(first < 0 ? 0 : last + 1);
  const end = lines[last];
  if (header.chomp !== '-' && end !== undefined && first >= 0) units.push('\n', end.to, Math.max(end.next, end.to));
  if (header.chomp === '+') for (const line of rest) if (line.next > line.to) units.push('\n', line.from, line.next);
  return { ...units.done(from), indent };
}

function linesOf(text: string, from: number, to: number): readonly Line[] {
  const lines: Line[] = [];
  for (let at = from; at < to; ) {
    const found = text.indexOf('\n', at);
    const next = found < 0 || found >= to ? to : found + 1;
    let end = next > at && text[next - 1] === '\n' ? next - 1 : next;
    if (end > at && text[end - 1] === '\r') end--;
    let indent = 0;
    while (at + indent < end && text[at + indent] === ' ') indent++;
    lines.push({ from: at, indent, to: end, next });
    at = next;
  }
  return lines;
}

interface Content {
  readonly folded: boolean;
  readonly indent: number;
  readonly units: Units;
  isEmpty(line: Line): boolean;
}

/** Lines joined by their breaks; folded, the break between two lines of text is a space (8.1.3). */
function content(text: string, lines: readonly Line[], { folded, indent, units, isEmpty }: Content): void {
  // The breaks since the last line with content, and where they begin.
  let breaks = 0;
  let end: number | undefined;
  let moreBefore = false;
  for (const line of lines) {
    const begin = Math.min(line.from + indent, line.to);
    if (begin === line.to && isEmpty(line)) {
      if (end === undefined) units.push('\n', line.from, line.next);
      else breaks++;
      continue;
    }
    const more = text[begin] === ' ' || text[begin] === '\t';
    if (end !== undefined) {
      const kept = !folded || more || moreBefore;
      units.push(kept ? '\n'.repeat(breaks + 1) : breaks === 0 ? ' ' : '\n'.repeat(breaks), end, begin);
    }
    for (let at = begin; at < line.to; at++) units.push(text[at] ?? '', at, at + 1);
    breaks = 0;
    end = line.to;
    moreBefore = more;
  }
}
