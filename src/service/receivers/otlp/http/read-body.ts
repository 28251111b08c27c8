/** Reads a request's body, as it comes or compressed. */
import type { IncomingMessage } from 'node:http';
import { createArriving } from '../arriving.ts';
import type { Room, WhyGone } from '../room.ts';

export interface BodyReader {
  /** The whole body, valid until `leave`, which gives back its memory. */
  whole(bytes: Uint8Array, leave: () => void): void;
  /** The rest is dropped as it arrives. */
  tooLarge(): void;
  /** Others need the memory, or there is none. */
  giveWay(why: WhyGone): void;
  /** The body does not arrive at once. `gone` is called when the client leaves. */
  waits?(): void;
  gone?(): void;
}

export interface BodyOptions {
  readonly connection: object;
  /** Bytes, by `Content-Length`. */
  readonly announced: number | undefined;
  readonly maxBytes: number;
  readonly room: Room;
}

const empty = new Uint8Array(0);
const nothing = (): void => {};

/**
 * Calls one method of `reader`, or none if the client leaves. A body that arrived in one chunk is that chunk. For others `waits`
 * is called first.
 */
export function readBody(
  request: IncomingMessage,
  { connection, announced, maxBytes, room }: BodyOptions,
  reader: BodyReader,
): void {
  function take(chunk: Buffer): void {
    // Processed before the stream says that it has ended, which takes one more turn.
    if (request.complete && request.readableLength === 0) {
      request.off('end', none);
      if (chunk.length > maxBytes) reader.tooLarge();
      else reader.whole(chunk, nothing);
    } else {
      request.off('data', take).off('end', none);
      readRest(chunk);
    }
  }
  const none = (): void => reader.whole(empty, nothing);

  function readRest(first: Buffer): void {
    const reservation = room.enter(connection, (why) => {
      stop();
      reader.giveWay(why);
    });
    const arriving = createArriving(maxBytes, announced, reservation);
    function more(chunk: Buffer): void {
      if (arriving.add(chunk)) return;
      stop();
      reader.tooLarge();
    }
    function end(): void {
      unhook();
      reservation.keep();
      reader.whole(arriving.whole(), leave);
    }
    function gone(): void {
      stop();
      reader.gone?.();
    }
    function unhook(): void {
      request.off('data', more).off('end', end).off('close', gone).resume();
    }
    function leave(): void {
      reservation.leave();
      arriving.release();
    }
    function stop(): void {
      leave();
      unhook();
    }
    reader.waits?.();
    request.on('data', more).once('end', end).once('close', gone);
    more(first);
  }

  request.on('data', take).once('end', none);
}
