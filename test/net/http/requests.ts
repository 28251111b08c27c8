/** Raw requests over real sockets, and a handler that shows what it received. */
import type { Handler, RequestFacts } from '../../../src/net/http/exchange.ts';
import { answers } from './sockets.ts';

const encoder = new TextEncoder();

/** Answers 200 with the facts of the request as JSON. */
export const echo: Handler = async (request) => ({
  status: 200,
  headers: { 'content-type': 'application/json' },
  body: encoder.encode(factsOf(request)),
});

function factsOf(request: RequestFacts): string {
  return JSON.stringify({
    method: request.method,
    path: request.path,
    query: [...request.query],
    forwarded: request.header('x-forwarded-for') ?? null,
    authorization: request.header('authorization') ?? null,
    peer: request.peer ?? null,
  });
}

/** Sends lines as they are over a connection of their own, and reads until the server ends it. */
export function raw(port: number, lines: readonly string[], host?: string): Promise<string> {
  return answers(port, `${lines.join('\r\n')}\r\n\r\n`, host);
}

/** A raw response taken apart; the date, which differs from one to the next, is left out. */
export function takeApart(response: string): { status: number; headers: readonly string[]; body: string } {
  const [head = '', ...rest] = response.split('\r\n\r\n');
  const [statusLine = '', ...headers] = head.split('\r\n');
  return {
    status: Number(statusLine.split(' ')[1]),
    headers: headers.filter((line) => !/^date:/i.test(line)).map((line) => line.toLowerCase()),
    body: rest.join('\r\n\r\n'),
  };
}
