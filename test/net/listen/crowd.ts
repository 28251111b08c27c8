/** Many clients at a time, honest and others. */
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import type { TestContext } from 'node:test';
import { type Answer, ask } from '../access/request-as.ts';
import { takeApart } from '../http/requests.ts';

/** Connections that are open, and end with the test. What the listener does to them is no error. */
export async function connected(t: TestContext, port: number, count: number): Promise<readonly Socket[]> {
  const sockets = Array.from({ length: count }, () =>
    connect({ port, host: '127.0.0.1', allowHalfOpen: true }).on('error', () => {}),
  );
  t.after(() => {
    for (const socket of sockets) socket.destroy();
  });
  await Promise.all(sockets.map((socket) => once(socket, 'connect')));
  return sockets;
}

export const request = (path = '/metrics', ...lines: readonly string[]): string =>
  [`GET ${path} HTTP/1.1`, 'Host: localhost', ...lines, '\r\n'].join('\r\n');

/** What a connection of its own gets for these bytes; the status is NaN where that is nothing. */
export async function answered(socket: Socket, bytes: string): Promise<Answer> {
  socket.write(bytes);
  return takeApart(await text(socket).catch(() => ''));
}

/** An honest scrape over a connection of its own; undefined: no answer of HTTP. */
export async function scraped(port: number, path = '/metrics'): Promise<Answer | undefined> {
  const answer = await ask(port, { path }).catch(() => undefined);
  return answer === undefined || Number.isNaN(answer.status) ? undefined : answer;
}

/** Sends how it begins, and then a byte now and then, whatever comes back. */
export function drip(t: TestContext, sockets: readonly Socket[], begin: string, everyMs: number, byte = 'x'): void {
  for (const socket of sockets) socket.write(begin);
  const timer = setInterval(() => {
    for (const socket of sockets) if (socket.writable) socket.write(byte);
  }, everyMs);
  t.after(() => clearInterval(timer));
}
