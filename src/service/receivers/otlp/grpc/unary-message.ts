/** The one message of a unary call, put together from what arrives: a flag, the length in four bytes, the message itself. */
import { type Code, codes } from '../../../../formats/otlp/export-answers.ts';
import { type Arriving, createArriving } from '../arriving.ts';
import type { Reservation } from '../room.ts';

export interface Fault {
  readonly code: Code;
  readonly message: string;
}

const headBytes = 5;

export function createUnaryMessage(maxBytes: number, compressible: boolean, reservation: Reservation) {
  const head = Buffer.alloc(headBytes);
  let headLength = 0;
  let length = 0;
  let arriving: Arriving | undefined;

  function faultOfHead(): Fault | undefined {
    const flag = head[0] as number;
    if (flag > 1) return internal(`the first byte of a message is 0 or 1, not ${flag}`);
    if (flag === 1 && !compressible) return internal('the message is compressed, and grpc-encoding does not say how');
    if (length <= maxBytes) return undefined;
    return {
      code: codes.resourceExhausted,
      message: `the message has ${length} bytes, max_recv_msg_size_mib allows ${maxBytes}`,
    };
  }

  return {
    add(chunk: Buffer): Fault | undefined {
      const taken = headLength < headBytes ? chunk.copy(head, headLength, 0, headBytes - headLength) : 0;
      headLength += taken;
      if (headLength < headBytes) return undefined;
      if (arriving === undefined) {
        length = head.readUInt32BE(1);
        const fault = faultOfHead();
        if (fault !== undefined) return fault;
        arriving = createArriving(length, length, reservation);
      }
      if (taken === chunk.length || arriving.add(chunk.subarray(taken))) return undefined;
      return internal('a unary call has one message, and bytes follow it');
    },
    /** Once nothing more comes. */
    whole(): Fault | { readonly bytes: Uint8Array; readonly compressed: boolean } {
      if (headLength === 0) return internal('the call has no message');
      if (arriving?.length !== length || headLength < headBytes) return internal('the message is cut off');
      return { bytes: arriving.whole(), compressed: head[0] === 1 };
    },
    release: () => arriving?.release(),
  };
}

function internal(message: string): Fault {
  return { code: codes.internal, message };
}
