import type { Dispatcher } from 'undici';
import { AnswerBody } from '../../../push/answers/answer.ts';
import { errorOf, type Posted } from '../../../push/otlp-http/poster.ts';

/** Interim responses (RFC 9110, section 15.2) before a final one. undici itself has no limit. */
const maxInterim = 20;

/** What becomes of one request. */
export class ResponseHandler implements Dispatcher.DispatchHandler {
  private readonly received = new AnswerBody();
  /** The connection had carried a request before. */
  private readonly stale: boolean;
  private readonly settle: (posted: Posted, whole: boolean) => void;
  private head: (Omit<Posted, 'answer'> & { status: number; contentType: string | undefined }) | undefined;
  private interim = 0;
  private settled = false;

  constructor(stale: boolean, settle: (posted: Posted, whole: boolean) => void) {
    this.stale = stale;
    this.settle = settle;
  }

  onRequestStart(): void {}

  onResponseStart(_: unknown, status: number, headers: Record<string, string | string[] | undefined>, statusText?: string): void {
    if (status < 200) {
      if (++this.interim > maxInterim) this.fail('the response is an endless series of interim ones');
      return;
    }
    const [contentType, retryAfter, location] = [first(headers['content-type']), first(headers['retry-after']), first(headers.location)];
    this.head = { status, statusText, contentType, retryAfter, location };
  }

  onResponseData(_: unknown, part: Buffer): void {
    if (!this.received.add(part)) this.end(false);
  }

  onResponseEnd(): void {
    this.end(true);
  }

  onResponseError(_: unknown, error: Error): void {
    this.fail(messageOf(error));
  }

  /** A response that had begun counts: what a receiver accepted is not sent again. */
  fail(error: string): void {
    if (this.head !== undefined) this.end(false);
    else this.once({ error, stale: this.stale }, false);
  }

  private end(complete: boolean): void {
    const { status, contentType, ...head } = this.head as NonNullable<typeof this.head>;
    this.once({ ...head, answer: this.received.answer(status, contentType, complete) }, complete);
  }

  private once(posted: Posted, whole: boolean): void {
    if (this.settled) return;
    this.settled = true;
    // undici reads on in this turn.
    queueMicrotask(() => this.settle(posted, whole));
  }
}

function first(value: string | string[] | undefined): string | undefined {
  return typeof value === 'object' ? value[0] : value;
}

/** Names that a program without undici has for it. */
function messageOf(error: Error): string {
  const code = errorOf(error);
  if (code === 'UND_ERR_CONNECT_TIMEOUT') return 'ETIMEDOUT';
  if (code === 'UND_ERR_HEADERS_OVERFLOW') return 'HPE_HEADER_OVERFLOW';
  if (code === 'UND_ERR_SOCKET') return 'ECONNRESET';
  if (error.name === 'HTTPParserError') return 'the response is not HTTP/1.1';
  return code.startsWith('UND_') ? error.message : code;
}
