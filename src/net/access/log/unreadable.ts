/**
 * The response to bytes that are not a valid request, for a server's `clientError`: Node's own, with an id and a line in the
 * access log.
 */
import { STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import { answeredLine } from './log-line.ts';
import { newRequestId, requestIdHeader } from './request-id.ts';
import { type RequestLog, writer } from './request-log.ts';
import { latestOn } from './under-way.ts';

export type RefuseConnection = (error: Error & { readonly code?: string }, socket: Duplex) => void;

/** The statuses that Node uses; every other parser error (`HPE_…`) is 400. */
const statuses: Readonly<Record<string, number>> = {
  ERR_HTTP_REQUEST_TIMEOUT: 408,
  HPE_CHUNK_EXTENSIONS_OVERFLOW: 413,
  HPE_HEADER_OVERFLOW: 431,
};
/**
 * How long a client has to read the response while its further bytes are dropped; if cut at once, it might lose the response.
 * Also how long a handler has to respond to a request whose body is broken.
 */
const lingerMs = 1_000;

/**
 * Waits until the connection's earlier requests have their responses, then responds to the unreadable bytes once. Bytes that
 * belong to a request that has its response get no further one. A request with a broken body that has no response within 1 s gets
 * this one. The connection ends at the latest 1 s after the response. Without a log the response has no id.
 */
export function answerUnreadable(log?: RequestLog): RefuseConnection {
  const to = log && writer(log);
  const refused = new WeakSet<Duplex>();

  function answer(status: number): string {
    const lines = [`HTTP/1.1 ${status} ${STATUS_CODES[status]}`, 'Connection: close', 'Content-Length: 0'];
    if (to !== undefined) {
      const id = newRequestId();
      lines.push(`${requestIdHeader}: ${id}`);
      to.write(answeredLine(to.clock(), { id, method: '-', path: '-', status, durationMs: 0, tenant: undefined }));
    }
    return `${lines.join('\r\n')}\r\n\r\n`;
  }

  return (error, socket) => {
    // Each further chunk raises another error.
    if (refused.has(socket)) return;
    refused.add(socket);
    const { code = '' } = error;
    const status = statuses[code] ?? (code.startsWith('HPE_') ? 400 : undefined);
    const before = latestOn(socket);
    const say = (): void => {
      socket.end(answer(status ?? 400));
      setTimeout(() => socket.destroy(), lingerMs).unref();
    };
    const refuse = (): void => {
      // A broken connection has no reader for a response, and a second response to one request would be read as the next one's.
      if (status === undefined || !socket.writable || before?.request.complete === false) socket.destroy();
      else say();
    };
    if (status === undefined || before === undefined || before.response.closed || socket.destroyed) return refuse();
    const { request, response } = before;
    response.once('close', refuse);
    if (request.complete) return;
    // The broken bytes belong to the body of the latest request; its handler may wait for the rest for ever.
    setTimeout(() => {
      if (response.headersSent) return;
      // Earlier requests of the connection still wait for their responses.
      if (response.socket === null || !socket.writable) socket.destroy();
      else say();
    }, lingerMs).unref();
  };
}
