/**
 * Reads the answers of one connection, one after the other, from chunks as they arrive (HTTP/1.1: RFC 9112). It takes linear time however they
 * are cut, and keeps at most `maxAnswerBytes` of a body.
 */
import { type Answer, maxAnswerBytes } from '../answers/answer.ts';
import { ChunkedBody } from './chunked-body.ts';
import { field, NotHttp } from './not-http.ts';

/** Of a status line and headers: what Node.js allows. */
const maxHeadBytes = 16_384;
const headEnd = '\r\n\r\n';
const lastOfStatus = 12;
const empty = Buffer.alloc(0);

export class AnswerReader {
  status = 0;
  statusText = '';
  retryAfter: string | undefined;
  /** The milliseconds that the receiver keeps an idle connection; undefined: it does not say. */
  keptMs: number | undefined;
  /** The connection can carry a further request once this answer has ended. */
  keeps = false;
  /** The head is there. */
  begun = false;
  private contentType: string | undefined;
  private head = empty;
  private headLength = 0;
  /** Bytes of the body that are still to come; infinite: up to the end of the connection. */
  private rest = 0;
  private chunked: ChunkedBody | undefined;
  private readonly parts: Buffer[] = [];
  private length = 0;
  private readonly tunnel: boolean;

  /** @param tunnel the request is CONNECT, whose answer has no body where it is a success */
  constructor(tunnel = false) {
    this.tunnel = tunnel;
  }

  /** The next answer begins. */
  reset(): void {
    this.begun = false;
    this.headLength = 0;
    this.length = 0;
    this.parts.length = 0;
    this.chunked = undefined;
  }

  /**
   * True once the answer is there, or more of it than is kept. Bytes behind its end belong to no request, so the connection is not kept then.
   * @throws NotHttp
   */
  read(chunk: Buffer): boolean {
    let body = chunk;
    while (!this.begun) {
      const at = this.endOfHead(body);
      if (at === -1) return false;
      body = body.subarray(at);
    }
    if (this.chunked !== undefined) this.decode(this.chunked, body);
    else {
      if (body.length > this.rest) this.keeps = false;
      this.keep(body.length > this.rest ? body.subarray(0, this.rest) : body);
      this.rest -= Math.min(body.length, this.rest);
    }
    if (this.length <= maxAnswerBytes) return this.rest === 0;
    this.keeps = false;
    return true;
  }

  /** The connection has ended. True if that is the end of the answer. */
  end(): boolean {
    this.keeps = false;
    return this.begun && this.rest === Number.POSITIVE_INFINITY && this.chunked === undefined;
  }

  get answer(): Answer {
    const { status, contentType, parts, length } = this;
    const bytes = parts.length === 0 ? empty : Buffer.concat(parts).subarray(0, maxAnswerBytes);
    return { status, contentType, bytes, whole: length <= maxAnswerBytes };
  }

  private keep(part: Buffer): void {
    if (part.length === 0) return;
    this.length += part.length;
    // A connection's buffer is used again.
    if (this.length <= maxAnswerBytes + part.length) this.parts.push(Buffer.from(part));
  }

  private decode(chunked: ChunkedBody, body: Buffer): void {
    const used = chunked.read(body, (part) => this.keep(part));
    if (!chunked.ended) return;
    this.rest = 0;
    if (used < body.length) this.keeps = false;
  }

  /** Where the body begins in `bytes`, once the head is whole; -1: it is not. */
  private endOfHead(bytes: Buffer): number {
    const { headLength: before } = this;
    if (before === 0) {
      const end = bytes.indexOf(headEnd, 0, 'latin1');
      if (end !== -1 && end <= maxHeadBytes) {
        this.readHead(bytes.toString('latin1', 0, end));
        return end + headEnd.length;
      }
    }
    if (this.head.length === 0) this.head = Buffer.allocUnsafe(maxHeadBytes + headEnd.length);
    const taken = bytes.copy(this.head, before);
    this.headLength += taken;
    const end = this.head.subarray(0, this.headLength).indexOf(headEnd, Math.max(0, before - headEnd.length), 'latin1');
    if (end === -1) {
      if (this.headLength === this.head.length) throw new NotHttp(`the answer's headers are longer than ${maxHeadBytes} bytes`);
      if (this.headLength >= lastOfStatus) checkStatusLine(this.head.toString('latin1', 0, lastOfStatus));
      return -1;
    }
    this.headLength = 0;
    this.readHead(this.head.toString('latin1', 0, end));
    return end + headEnd.length - before;
  }

  private readHead(head: string): void {
    const [line = '', ...fields] = head.split('\r\n');
    checkStatusLine(line);
    if (!fields.every((line) => field.test(line))) throw new NotHttp('the answer has a line that is no header');
    this.status = Number(line.slice(9, lastOfStatus));
    if (this.status === 101) throw new NotHttp('the answer is 101, to a request that wanted no other protocol');
    const persistent = line.startsWith('HTTP/1.1');
    // Another head follows (RFC 9110, section 15.2).
    if (this.status < 200 && persistent) return;
    if (this.status < 200) throw new NotHttp(`the answer is ${this.status}, which HTTP/1.0 does not have`);
    this.begun = true;
    this.statusText = line.slice(lastOfStatus + 1);
    this.readFields(fields, persistent);
  }

  /** RFC 9112, section 6.3: where the body ends; and section 9.3: whether the connection is kept. */
  private readFields(fields: readonly string[], persistent: boolean): void {
    let length: string | undefined;
    let coding: string | undefined;
    this.contentType = undefined;
    this.retryAfter = undefined;
    this.keptMs = undefined;
    this.keeps = persistent;
    for (const one of fields) {
      const colon = one.indexOf(':');
      const value = one.slice(colon + 1).trim();
      switch (one.slice(0, colon).toLowerCase()) {
        case 'content-type':
          this.contentType ??= value;
          break;
        case 'retry-after':
          this.retryAfter ??= value;
          break;
        case 'content-length':
          if (!/^\d{1,15}$/.test(value) || (length ?? value) !== value)
            throw new NotHttp('the answer has a Content-Length that is no number');
          length = value;
          break;
        case 'transfer-encoding':
          coding = value;
          break;
        case 'connection':
          this.keeps = persistent ? !/\bclose\b/i.test(value) : /\bkeep-alive\b/i.test(value);
          break;
        case 'keep-alive':
          this.keptMs = keptMsOf(value);
      }
    }
    if (this.status === 204 || this.status === 304 || (this.tunnel && this.status < 300)) this.rest = 0;
    else if (coding !== undefined && /(?:^|[\s,])chunked$/i.test(coding)) {
      this.rest = Number.POSITIVE_INFINITY;
      this.chunked = new ChunkedBody();
      // Both: what stands between may have read the other one.
      if (length !== undefined) this.keeps = false;
    } else this.rest = coding === undefined && length !== undefined ? Number(length) : Number.POSITIVE_INFINITY;
  }
}

function checkStatusLine(line: string): void {
  if (!/^HTTP\/1\.[01] [1-9]\d{2}(?: [\t\x20-\x7e\x80-\xff]*)?$/.test(line)) throw new NotHttp('the answer is not HTTP/1.1');
}

function keptMsOf(value: string): number | undefined {
  const seconds = /\btimeout=(\d{1,7})\b/i.exec(value)?.[1];
  return seconds === undefined ? undefined : Number(seconds) * 1_000;
}
