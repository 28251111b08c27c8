import type { Socket } from 'node:net';

/** RFC 9113, section 3.4: the first bytes of every client. */
const preface = Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n');
const wrongPort = 'this is the gRPC port; OTLP over HTTP is 4318';
const http1Head = `HTTP/1.1 400 Bad Request\r\nContent-Type: text/plain\r\nContent-Length: ${wrongPort.length}\r\nConnection: close\r\n\r\n`;
/** A connection must send something within this time. */
const firstBytesMs = 60_000;
/** How long a rejected client has to read the response. */
const lingerMs = 1_000;

/** Looks at a connection's first bytes, and leaves them there for HTTP/2. A client of HTTP/1.1 learns that it is wrong here. */
export function sniffPreface(socket: Socket, http2: () => void): void {
  socket.on('error', () => {});
  socket.setTimeout(firstBytesMs, () => socket.destroy());
  socket.once('readable', () => {
    const bytes: Buffer | null = socket.read();
    if (bytes === null) return;
    const begin = bytes.subarray(0, preface.length);
    if (begin.equals(preface.subarray(0, begin.length))) {
      socket.setTimeout(0);
      socket.unshift(bytes);
      http2();
    } else if (/^[A-Z]+ /.test(begin.toString('latin1'))) {
      socket.resume().end(http1Head + wrongPort);
      setTimeout(() => socket.destroy(), lingerMs).unref();
    } else socket.destroy();
  });
}
