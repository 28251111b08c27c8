/** The chunked transfer coding (RFC 9112, section 7.1). Extensions and trailers are skipped. */
import { field, NotHttp } from './not-http.ts';

/** Of sizes, extensions and trailers together. */
const maxFramingBytes = 65_536;
const [lf, cr, semicolon] = [0x0a, 0x0d, 0x3b];
/** Larger chunks than an answer may have are read in the same way, so that no digit is lost. */
const maxSizeDigits = 8;

type State = 'size' | 'extension' | 'size-end' | 'data' | 'data-cr' | 'data-lf' | 'trailer' | 'trailer-lf' | 'ended';

export class ChunkedBody {
  private state: State = 'size';
  private size = 0;
  private digits = 0;
  private framing = 0;
  /** Of the trailer's line so far. */
  private line = '';

  get ended(): boolean {
    return this.state === 'ended';
  }

  /**
   * Hands over what is data, and answers how many bytes it has used: all, unless the body has ended.
   * @throws NotHttp
   */
  read(bytes: Buffer, take: (part: Buffer) => void): number {
    let at = 0;
    while (at < bytes.length && this.state !== 'ended') {
      if (this.state === 'data') {
        const end = Math.min(bytes.length, at + this.size);
        take(bytes.subarray(at, end));
        this.size -= end - at;
        at = end;
        if (this.size === 0) this.state = 'data-cr';
      } else this.frame(bytes[at++] as number);
    }
    return at;
  }

  private frame(byte: number): void {
    if (++this.framing > maxFramingBytes) throw new NotHttp('the answer is cut into too many chunks');
    switch (this.state) {
      case 'size':
        this.sizeOf(byte);
        break;
      case 'extension':
        if (byte === lf) throw broken();
        if (byte === cr) this.state = 'size-end';
        break;
      case 'size-end':
        this.expect(byte, lf, this.size === 0 ? 'trailer' : 'data');
        this.digits = 0;
        break;
      case 'data-cr':
        this.expect(byte, cr, 'data-lf');
        break;
      case 'data-lf':
        this.expect(byte, lf, 'size');
        break;
      case 'trailer':
        if (byte === cr) this.state = 'trailer-lf';
        else this.line += String.fromCharCode(byte);
        break;
      case 'trailer-lf':
        if (this.line !== '' && !field.test(this.line)) throw broken();
        this.expect(byte, lf, this.line === '' ? 'ended' : 'trailer');
        this.line = '';
    }
  }

  private sizeOf(byte: number): void {
    const digit = Number.parseInt(String.fromCharCode(byte), 16);
    if (!Number.isNaN(digit)) {
      if (++this.digits > maxSizeDigits) throw broken();
      this.size = this.size * 16 + digit;
    } else if (this.digits === 0) throw broken();
    else if (byte === cr) this.state = 'size-end';
    else if (byte === semicolon) this.state = 'extension';
    else throw broken();
  }

  private expect(byte: number, expected: number, next: State): void {
    if (byte !== expected) throw broken();
    this.state = next;
  }
}

function broken(): NotHttp {
  return new NotHttp('the answer has a broken chunk');
}
