/**
 * A request over HTTP that may be served: its body is read, decompressed and handed on, and the outcome of its points is the
 * response.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Encoding } from '../../../../formats/otlp/export-answers.ts';
import { connectionOf, isGone } from '../../../../net/listen/http-server.ts';
import type { Compression, Inflated, Inflater } from '../decompress.ts';
import type { Intake, Outcome } from '../outcome.ts';
import type { ReportRefusal } from '../report-refusal.ts';
import type { Room, WhyGone } from '../room.ts';
import type { Sender } from '../sender.ts';
import type { Turns } from '../turns.ts';
import { type BodyReader, readBody } from './read-body.ts';
import * as replies from './replies.ts';

export interface ExchangeOptions {
  /** Before and after decompression. */
  readonly maxBytes: number;
  readonly intake: Intake;
  readonly refused: ReportRefusal;
  readonly room: Room;
  readonly turns: Turns;
  readonly inflater: Inflater;
  /** A request whose body is not there at once begins to wait for it: what ends the wait calls `refuse`. */
  waits(request: IncomingMessage, refuse: (refusal: replies.HttpRefusal) => void): void;
  /** It waits no longer. */
  arrived(request: IncomingMessage): void;
}

/** Responds and reports, unless the client has its response or has left. */
export function refuse(
  response: ServerResponse,
  encoding: Encoding | undefined,
  refusal: replies.HttpRefusal,
  refused: ReportRefusal,
): void {
  if (response.headersSent || isGone(response)) return;
  replies.sendRefusal(response, encoding, refusal);
  refused(refusal.code, refusal.message, refusal.kind);
}

/** A class: one object a request, which is its sender and the reader of its body, too. */
export class Exchange implements Sender, BodyReader {
  readonly connection: object;
  private readonly options: ExchangeOptions;
  private readonly request: IncomingMessage;
  private readonly response: ServerResponse;
  private readonly encoding: Encoding;
  private readonly compression: Compression | 'identity';

  constructor(
    options: ExchangeOptions,
    request: IncomingMessage,
    response: ServerResponse,
    encoding: Encoding,
    compression: Compression | 'identity',
  ) {
    this.connection = connectionOf(request);
    this.options = options;
    this.request = request;
    this.response = response;
    this.encoding = encoding;
    this.compression = compression;
  }

  /** @param announced bytes, by `Content-Length` */
  read(announced: number | undefined): void {
    const { maxBytes, room } = this.options;
    readBody(this.request, { connection: this.connection, announced, maxBytes, room }, this);
  }

  isGone(): boolean {
    return this.response.headersSent || isGone(this.response);
  }

  whole(bytes: Uint8Array, leave: () => void): void {
    this.gone();
    const { compression } = this;
    if (compression === 'identity') this.take(bytes, leave);
    else this.inflate(compression, bytes, leave);
  }

  tooLarge(): void {
    this.gone();
    this.refuse(replies.tooLarge(this.options.maxBytes, ''));
  }

  giveWay(why: WhyGone): void {
    this.gone();
    this.refuse(why === 'no_memory' ? replies.noMemory : replies.crowdedOut);
  }

  waits(): void {
    this.options.waits(this.request, (refusal) => this.refuse(refusal));
  }

  gone(): void {
    this.options.arrived(this.request);
  }

  private inflate(compression: Compression, bytes: Uint8Array, leave: () => void): void {
    const { maxBytes, turns, inflater } = this.options;
    inflater.inflate(
      { compression, bytes, maxBytes, from: this, isQuick: () => turns.takes(bytes.length) },
      (result, release) => {
        leave();
        // Nothing is applied for a client that has left or has its response: it sends the request again.
        if (this.isGone()) release();
        else if (result instanceof Uint8Array) this.take(result, release);
        else this.refuse(this.flawOf(compression, result));
      },
    );
  }

  private flawOf(compression: Compression, flaw: Exclude<Inflated, Uint8Array>): replies.HttpRefusal {
    if (flaw.noMemory) return replies.noMemory;
    if (flaw.tooLarge) return replies.tooLarge(this.options.maxBytes, ' once decompressed');
    return replies.unreadable(`the ${compression} body is broken: ${flaw.why}`);
  }

  /** `leave`: the bytes are not needed any more. */
  private take(bytes: Uint8Array, leave: () => void): void {
    const outcome = this.options.intake(bytes, this.encoding, this);
    if (outcome instanceof Promise)
      outcome.then((known) => {
        leave();
        this.answer(known);
      });
    else {
      leave();
      this.answer(outcome);
    }
  }

  private answer(outcome: Outcome): void {
    if (outcome.code !== undefined) this.refuse(replies.replyToRefused(outcome));
    else if (!isGone(this.response)) replies.sendTaken(this.response, this.encoding, outcome);
  }

  private refuse(refusal: replies.HttpRefusal): void {
    refuse(this.response, this.encoding, refusal, this.options.refused);
  }
}
