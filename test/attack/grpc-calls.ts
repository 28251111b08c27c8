/** Calls over one connection, which is made anew where it has ended. */
import { once } from 'node:events';
import type { ClientHttp2Session, OutgoingHttpHeaders } from 'node:http2';
import { setTimeout as sleep } from 'node:timers/promises';
import { begin, type GrpcAnswer } from '../service/receivers/otlp/grpc-client.ts';
import { authorization, http2Session } from './reach.ts';

const patienceMs = 20_000;
/** An answer may be read a moment after its stream has closed. */
const closedMs = 100;

export type Call = (framed: Uint8Array, headers?: OutgoingHttpHeaders) => Promise<GrpcAnswer>;

/** Rejects where there is no answer. */
export function grpcCalls(host: string): Call {
  let open: ClientHttp2Session | undefined;

  function session(): ClientHttp2Session {
    if (open === undefined || open.closed || open.destroyed) {
      open = http2Session(host);
      open.setMaxListeners(0);
      open.on('error', () => {});
    }
    return open;
  }

  return async (framed, headers) => {
    const { stream, answer } = begin(session(), { ...headers, ...authorization() });
    stream.end(framed);
    const over = once(stream, 'close').then(() => sleep(closedMs));
    const first = await Promise.race([answer, over, sleep(patienceMs)]);
    if (first === undefined) throw Object.assign(new Error('the call has no answer'), { code: 'no answer' });
    return first;
  };
}
