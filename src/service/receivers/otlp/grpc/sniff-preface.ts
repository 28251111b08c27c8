import type { Socket } from 'node:net';
import { beginInTurn } from '../../../../net/listen/shares.ts';

/** RFC 9113, section 3.4: the first bytes of every client. */
const preface = Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n');
const wrongPort = 'this is the gRPC port; OTLP over HTTP is 4318';
const http1Head = `HTTP/1.1 400 Bad Request\r\nContent-Type: text/plain\r\nContent-Length: ${wrongPort.length}\r\nConnection: close\r\n\r\n`;
/** RFC 9113, sections 4.1 and 6.4. */
const [frameHeadBytes, resetFrame] = [9, 3];
/** A connection must send something within this time. */
const firstBytesMs = 60_000;
/** How long a rejected client has to read the response. */
const lingerMs = 1_000;

/**
 * Looks at a connection's first bytes, and leaves them there for HTTP/2. A client of HTTP/1.1 learns that it is wrong here.
 * @param http2 gets how many calls the client has cancelled already: Node.js hands all of these bytes out before the first call
 * can be seen
 */
export function sniffPreface(socket: Socket, http2: (resets: number) => void): void {
  socket.on('error', () => {});
  socket.setTimeout(firstBytesMs, () => socket.destroy());
  // Read no earlier: Node.js would read 64 KiB more meanwhile, and then give all of it to HTTP/2 at once.
  socket.once('readable', () => beginInTurn(socket, () => look(socket, http2)));
}

function look(socket: Socket, http2: (resets: number) => void): void {
  const bytes: Buffer | null = socket.destroyed ? null : socket.read();
  if (bytes === null) return;
  const begin = bytes.subarray(0, preface.length);
  if (begin.equals(preface.subarray(0, begin.length))) {
    socket.setTimeout(0);
    socket.unshift(bytes);
    http2(resetsIn(bytes));
  } else if (/^[A-Z]+ /.test(begin.toString('latin1'))) {
    socket.resume().end(http1Head + wrongPort);
    setTimeout(() => socket.destroy(), lingerMs).unref();
  } else socket.destroy();
}

function resetsIn(bytes: Buffer): number {
  let count = 0;
  for (let at = preface.length; at + frameHeadBytes <= bytes.length; at += frameHeadBytes + bytes.readUIntBE(at, 3))
    if (bytes[at + 3] === resetFrame) count++;
  return count;
}
