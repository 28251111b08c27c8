/**
 * A connection that carries one request after the other. `node:http` takes three times the processor time for the same, most of it for
 * streams that one request and one short answer do not need.
 */
import type { Socket } from 'node:net';
import type { Answer } from '../answers/answer.ts';
import type { Attempt } from '../answers/failure.ts';
import { AnswerReader } from './answer-reader.ts';

export interface Posted extends Attempt {
  readonly retryAfter?: string | undefined;
  /** The kept-alive connection was already closed: no receiver has seen the request. */
  readonly stale?: boolean;
}

/** Up to here, copying a body costs less than a write of its own. */
const copiedBytes = 16 * 1_024;
/** A receiver that closes idle connections after a time is not met at its last moment. */
const spareMs = 1_000;

export class Connection {
  private readonly socket: Socket;
  private readonly idleMs: number;
  private readonly ended: (connection: Connection) => void;
  private readonly reader = new AnswerReader();
  private settle: ((posted: Posted) => void) | undefined;
  private used = false;
  private answering = false;
  private error: NodeJS.ErrnoException | undefined;

  /**
   * @param idleMs how long it may be idle; 0: no limit
   * @param ended called once it cannot be used any more
   */
  constructor(socket: Socket, idleMs: number, ended: (connection: Connection) => void) {
    this.socket = socket;
    this.idleMs = idleMs;
    this.ended = ended;
    socket.on('error', (error) => {
      this.error ??= error;
    });
    socket.on('end', () => this.end());
    socket.on('close', () => this.closed());
    socket.on('timeout', () => {
      if (this.settle === undefined) this.destroy();
    });
  }

  /** It can carry a further request. */
  get usable(): boolean {
    return !this.socket.destroyed && this.settle === undefined && this.reader.keeps;
  }

  /** Posts what `head` and `body` are as bytes. Never rejects; ends when `signal` aborts: the message of its reason is then the error. */
  post(head: string, body: Uint8Array, signal: AbortSignal): Promise<Posted> {
    return new Promise((resolve) => {
      const { socket } = this;
      const cutOff = () => {
        socket.destroy();
        this.finish(this.cut() ?? { error: reasonOf(signal) });
      };
      signal.addEventListener('abort', cutOff, { once: true });
      this.settle = (posted) => {
        signal.removeEventListener('abort', cutOff);
        resolve(posted);
      };
      this.answering = false;
      this.reader.reset();
      if (signal.aborted) return cutOff();
      if (this.used) socket.ref();
      if (body.length <= copiedBytes)
        socket.write(head + Buffer.from(body.buffer, body.byteOffset, body.length).toString('latin1'), 'latin1');
      else {
        socket.cork();
        socket.write(head, 'latin1');
        socket.write(body);
        socket.uncork();
      }
    });
  }

  destroy(): void {
    this.socket.destroy();
  }

  /** What arrives. The chunk is not kept. */
  read(chunk: Buffer): void {
    // What comes without a request is the answer to none, such as a time-out's.
    if (this.settle === undefined) {
      this.destroy();
      return;
    }
    this.answering = true;
    try {
      if (this.reader.read(chunk)) this.answered();
    } catch (error) {
      this.socket.destroy(error as Error);
    }
  }

  private end(): void {
    if (this.settle !== undefined && this.reader.end()) this.answered();
    else this.destroy();
  }

  private answered(): void {
    const { reader, socket } = this;
    const idleMs = this.idle();
    // Of a request that was answered before it was read, the rest is on its way.
    if (!reader.keeps || idleMs < 0 || socket.writableLength > 0) this.destroy();
    else {
      this.used = true;
      socket.unref();
      if (socket.timeout !== idleMs) socket.setTimeout(idleMs);
    }
    this.finish(postedOf(reader, reader.answer));
  }

  /** The status decides, whatever becomes of the body: what a receiver has taken must not be sent again. */
  private cut(): Posted | undefined {
    const { reader } = this;
    return reader.begun ? postedOf(reader, { ...reader.answer, whole: false }) : undefined;
  }

  private idle(): number {
    const { keptMs } = this.reader;
    if (keptMs === undefined) return this.idleMs;
    const ms = keptMs > spareMs ? keptMs - spareMs : -1;
    return this.idleMs === 0 ? ms : Math.min(ms, this.idleMs);
  }

  private closed(): void {
    const { error } = this;
    const code = error === undefined ? 'ECONNRESET' : (error.code ?? error.message);
    this.finish(this.cut() ?? { error: code, stale: this.used && !this.answering && (code === 'ECONNRESET' || code === 'EPIPE') });
    this.ended(this);
  }

  private finish(posted: Posted): void {
    const { settle } = this;
    this.settle = undefined;
    settle?.(posted);
  }
}

function postedOf({ statusText, retryAfter }: AnswerReader, answer: Answer): Posted {
  return { statusText, retryAfter, answer };
}

export function reasonOf({ reason }: AbortSignal): string {
  return reason instanceof Error ? reason.message : String(reason);
}
