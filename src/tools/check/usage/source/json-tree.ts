/** JSON with the place of every string (RFC 8259). Linear: each character is read once. */
import { type Entry, mapNode, type Node, type ScalarNode, type Tree } from './node.ts';
import { type Decoded, decodedText, type Text } from './text.ts';

/** Of lists and objects in each other. Grafana's deepest dashboards have some twenty. */
const mostNested = 200;

const escapes: Readonly<Record<string, string>> = { '"': '"', '\\': '\\', '/': '/', b: '\b', f: '\f', n: '\n', r: '\r', t: '\t' };
const number = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const space = /[ \t\r\n]*/y;
// Control characters are let through: JSON forbids them, and no expression has any.
const characters = /[^"\\]*/y;

class Mistake extends Error {
  readonly offset: number;
  constructor(message: string, offset: number) {
    super(message);
    this.offset = offset;
  }
}

export function jsonTree(source: Text): Tree {
  try {
    return { documents: [new Reader(source).document()], problem: undefined };
  } catch (error) {
    if (!(error instanceof Mistake)) throw error;
    return { documents: [], problem: { message: `not JSON: ${error.message}`, offset: source.at(error.offset) } };
  }
}

class Reader {
  readonly #source: Text;
  readonly #text: string;
  #at = 0;
  #nested = 0;

  constructor(source: Text) {
    this.#source = source;
    this.#text = source.text;
    if (this.#text.startsWith('\ufeff')) this.#at = 1;
  }

  document(): Node {
    const node = this.#value();
    this.#skip();
    if (this.#at < this.#text.length) throw this.#mistake('there is more behind the value');
    return node;
  }

  #mistake(message: string): Mistake {
    return new Mistake(message, this.#at);
  }

  #skip(): void {
    this.#match(space);
  }

  #match(pattern: RegExp): string {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.#text)?.[0] ?? '';
    this.#at += found.length;
    return found;
  }

  #value(): Node {
    this.#skip();
    const first = this.#text[this.#at];
    if (first === '"') return this.#string();
    if (first === '{') return mapNode(this.#within('}', () => this.#entry()));
    if (first === '[') return { kind: 'list', items: this.#within(']', () => this.#value()) };
    return this.#word();
  }

  #within<T>(close: string, item: () => T): readonly T[] {
    if (++this.#nested > mostNested) throw this.#mistake(`more than ${mostNested} levels`);
    this.#at++;
    const items: T[] = [];
    this.#skip();
    if (this.#text[this.#at] === close) this.#at++;
    else {
      for (;;) {
        items.push(item());
        this.#skip();
        const next = this.#text[this.#at];
        if (next !== ',' && next !== close) throw this.#mistake(`want "," or "${close}"`);
        this.#at++;
        if (next === close) break;
      }
    }
    this.#nested--;
    return items;
  }

  #entry(): Entry {
    this.#skip();
    if (this.#text[this.#at] !== '"') throw this.#mistake('want a key in quotation marks');
    const key = this.#string();
    this.#skip();
    if (this.#text[this.#at] !== ':') throw this.#mistake('want ":"');
    this.#at++;
    return { key, value: this.#value() };
  }

  #word(): ScalarNode {
    const from = this.#at;
    for (const [word, value] of [
      ['true', true],
      ['false', false],
      ['null', null],
    ] as const) {
      if (!this.#text.startsWith(word, from)) continue;
      this.#at += word.length;
      return { kind: 'scalar', value, text: plain(this.#source, from, this.#at) };
    }
    const written = this.#match(number);
    if (written === '') throw this.#mistake('want a value');
    return { kind: 'scalar', value: Number(written), text: plain(this.#source, from, this.#at) };
  }

  #string(): ScalarNode {
    const begin = ++this.#at;
    this.#match(characters);
    if (this.#text[this.#at] === '"') {
      const text = jsonString(this.#source, direct(this.#text, begin, this.#at));
      this.#at++;
      return { kind: 'scalar', value: text.text, text };
    }
    return this.#escaped(begin);
  }

  #escaped(begin: number): ScalarNode {
    const decoded = { text: '', starts: [] as number[], ends: [] as number[], begin };
    const parts: string[] = [];
    const push = (text: string, from: number, to: number) => {
      parts.push(text);
      decoded.starts.push(from);
      decoded.ends.push(to);
    };
    for (this.#at = begin; this.#text[this.#at] !== '"'; ) {
      const from = this.#at;
      const run = this.#match(characters);
      for (let i = 0; i < run.length; i++) push(run[i] ?? '', from + i, from + i + 1);
      if (this.#text[this.#at] === '\\') {
        const at = this.#at;
        push(this.#escape(), at, this.#at);
      } else if (this.#text[this.#at] !== '"') throw this.#mistake('a string does not end');
    }
    this.#at++;
    const text = jsonString(this.#source, { ...decoded, text: parts.join('') });
    return { kind: 'scalar', value: text.text, text };
  }

  #escape(): string {
    const letter = this.#text[this.#at + 1] ?? '';
    const simple = escapes[letter];
    if (simple !== undefined) {
      this.#at += 2;
      return simple;
    }
    const digits = this.#text.slice(this.#at + 2, this.#at + 6);
    if (letter !== 'u' || !/^[0-9a-fA-F]{4}$/.test(digits)) throw this.#mistake('no such escape');
    this.#at += 6;
    return String.fromCharCode(Number.parseInt(digits, 16));
  }
}

/** Without escapes, each unit is where it is. */
function direct(text: string, from: number, to: number): Decoded {
  const starts = Array.from({ length: to - from }, (_, i) => from + i);
  return { text: text.slice(from, to), starts, ends: starts.map((start) => start + 1), begin: from };
}

/** In double quotes, JSON escapes what it must. */
function jsonString(source: Text, decoded: Decoded): Text {
  return decodedText(source, decoded, (text) => JSON.stringify(text).slice(1, -1));
}

/** A number or word: nothing is written there. */
function plain(source: Text, from: number, to: number): Text {
  return decodedText(source, direct(source.text, from, to), () => undefined);
}
