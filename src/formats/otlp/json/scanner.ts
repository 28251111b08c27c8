/**
 * Reads JSON (RFC 8259) from bytes, piece by piece: a tree of objects would take many times the memory of the bytes. `fail`
 * throws an error that names the location.
 */

export type Fail = (problem: string) => never;

export const code = {
  quote: 0x22,
  comma: 0x2c,
  colon: 0x3a,
  openList: 0x5b,
  closeList: 0x5d,
  open: 0x7b,
  close: 0x7d,
  n: 0x6e,
  t: 0x74,
  f: 0x66,
} as const;
const backslash = 0x5c;
const minus = 0x2d;
const simpleEscapes = new Set([...'"\\/bfnrt'].map((mark) => mark.charCodeAt(0)));

/** Lists and objects within one another: what lies deeper is not read, even where it is ignored. */
const deepestJson = 512;
/** Members and items of what is read in one go, so that it takes less than 10 ms. */
const mostParts = 100_000;
/** Bytes of a string, a number, or white space. */
const longest = 1_048_576;

export class Scanner {
  readonly bytes: Buffer;
  at = 0;
  /** Of the last string, without its quotes, or of the last number. */
  from = 0;
  to = 0;
  hasEscapes = false;
  /** Members and items so far of what is read in one go. */
  parts = 0;
  private depth = 0;
  private readonly fail: Fail;

  constructor(bytes: Uint8Array, fail: Fail) {
    this.bytes = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
    this.fail = fail;
  }

  /** The first byte behind white space, which is read next; -1 at the end. */
  peek(): number {
    const { bytes } = this;
    const from = this.at;
    for (; this.at < bytes.length; this.at++) {
      const byte = bytes[this.at] as number;
      if (byte !== 0x20 && byte !== 0x0a && byte !== 0x0d && byte !== 0x09) return byte;
      if (this.at - from > longest) this.tooLong('white space');
    }
    return -1;
  }

  /** Reads this byte, if it is the next. */
  takes(byte: number): boolean {
    if (this.peek() !== byte) return false;
    this.at++;
    return true;
  }

  expect(byte: number, what: string): void {
    if (!this.takes(byte)) this.fail(`got ${this.shown()}; want ${what}`);
  }

  string(): void {
    this.expect(code.quote, 'a string');
    const { bytes } = this;
    let at = this.at;
    const most = Math.min(bytes.length, at + longest);
    this.hasEscapes = false;
    for (; ; at++) {
      if (at >= most) this.noEnd();
      const byte = bytes[at] as number;
      if (byte === code.quote) break;
      if (byte < 0x20) this.fail('got a control character in a string; want it escaped');
      if (byte !== backslash) continue;
      this.hasEscapes = true;
      at++;
      if (bytes[at] === 0x75 && isHex(bytes, at + 1, at + 5)) at += 4;
      else if (!simpleEscapes.has(bytes[at] as number)) this.fail('got an escape in a string that JSON does not know');
    }
    this.from = this.at;
    this.to = at;
    this.at = at + 1;
  }

  private noEnd(): never {
    return this.bytes.length - this.at > longest ? this.tooLong('a string') : this.fail('got a string that does not end');
  }

  private tooLong(what: string): never {
    return this.fail(`got ${what} of more than ${longest} bytes`);
  }

  /** The last string, or the text of the last number. */
  text(): string {
    if (this.hasEscapes) return JSON.parse(this.bytes.toString('utf8', this.from - 1, this.to + 1));
    return this.bytes.toString('utf8', this.from, this.to);
  }

  number(): void {
    this.peek();
    const { bytes } = this;
    let at = this.at;
    if (bytes[at] === minus) at++;
    const whole = at;
    at = digits(bytes, at);
    if (at === whole || (bytes[whole] === 0x30 && at > whole + 1)) this.fail(`got ${this.shown()}; want a number`);
    if (bytes[at] === 0x2e) at = this.digits(at + 1);
    if (bytes[at] === 0x65 || bytes[at] === 0x45) {
      const sign = bytes[at + 1];
      at = this.digits(sign === minus || sign === 0x2b ? at + 2 : at + 1);
    }
    if (at - this.at > longest) this.tooLong('a number');
    this.hasEscapes = false;
    this.from = this.at;
    this.to = at;
    this.at = at;
  }

  word(word: 'null' | 'true' | 'false'): void {
    const end = this.at + word.length;
    if (this.bytes.toString('latin1', this.at, end) !== word) this.fail(`got ${this.shown()}; want ${word}`);
    this.at = end;
  }

  /** Begins a list or an object. */
  enter(byte: number, what: string): void {
    this.expect(byte, what);
    if (++this.depth > deepestJson) this.fail(`got lists and objects more than ${deepestJson} deep`);
  }

  /** Whether the list or object goes on, behind its first `count`; if not, it is left. */
  goesOn(count: number, close: number): boolean {
    if (this.takes(close)) {
      this.depth--;
      return false;
    }
    if (++this.parts > mostParts)
      this.fail(`got a point, resource or scope with more than ${mostParts} members and items; send fewer in one`);
    if (count > 0) this.expect(code.comma, `"," or "${String.fromCharCode(close)}"`);
    return true;
  }

  /** Any value. */
  skip(): void {
    const first = this.peek();
    if (first === code.quote) this.string();
    else if (first === code.n) this.word('null');
    else if (first === code.t) this.word('true');
    else if (first === code.f) this.word('false');
    else if (first === code.open) {
      this.enter(code.open, 'an object');
      for (let count = 0; this.goesOn(count, code.close); count++) {
        this.key();
        this.skip();
      }
    } else if (first === code.openList) {
      this.enter(code.openList, 'a list');
      for (let count = 0; this.goesOn(count, code.closeList); count++) this.skip();
    } else this.number();
  }

  /** A member's name, and the colon behind it. */
  key(): string {
    this.string();
    const key = this.text();
    this.expect(code.colon, '":"');
    return key;
  }

  /** What is at `at`, for an error. */
  shown(): string {
    if (this.peek() === -1) return 'the end of the JSON';
    const text = this.bytes.toString('utf8', this.at, Math.min(this.at + 60, this.bytes.length));
    return JSON.stringify([...text].slice(0, 12).join(''));
  }

  /** At least one digit. */
  private digits(from: number): number {
    const at = digits(this.bytes, from);
    return at === from ? this.fail(`got ${this.shown()}; want a number`) : at;
  }
}

function digits(bytes: Uint8Array, from: number): number {
  let at = from;
  const most = from + longest;
  while (at <= most && (bytes[at] as number) >= 0x30 && (bytes[at] as number) <= 0x39) at++;
  return at;
}

function isHex(bytes: Uint8Array, from: number, to: number): boolean {
  for (let at = from; at < to; at++) {
    const byte = bytes[at] ?? 0;
    const letter = byte | 0x20;
    if (!(byte >= 0x30 && byte <= 0x39) && !(letter >= 0x61 && letter <= 0x66)) return false;
  }
  return true;
}
