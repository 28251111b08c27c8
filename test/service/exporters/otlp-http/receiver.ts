/** A receiver over a real socket that answers as a script says. */
import { createServer, type IncomingHttpHeaders, type OutgoingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { TestContext } from 'node:test';

export interface Request {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

export interface Answer {
  readonly status: number;
  readonly headers?: OutgoingHttpHeaders;
  readonly body?: Uint8Array | string;
  /** Resolves when the answer may be sent. */
  readonly after?: Promise<unknown>;
  /** The connection breaks in place of an answer. */
  readonly breaks?: boolean;
}

export interface Receiver {
  readonly origin: string;
  readonly requests: readonly Request[];
  /** The last one is given again and again. */
  answers: readonly Answer[];
  /** Answers in place of the script, where it has an answer. */
  answer: ((request: Request) => Answer | undefined) | undefined;
}

export async function startReceiver(t: TestContext, answers: readonly Answer[] = [{ status: 200 }]): Promise<Receiver> {
  const requests: Request[] = [];
  const script: Pick<Receiver, 'answers' | 'answer'> = { answers, answer: undefined };
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const received = { path: request.url ?? '', headers: request.headers, body: Buffer.concat(chunks) };
    requests.push(received);
    const next = script.answer?.(received) ?? nextOf(script);
    await next.after;
    if (next.breaks === true) request.socket.destroy();
    else response.writeHead(next.status, next.headers).end(next.body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.after(() => {
    server.close();
    server.closeAllConnections();
  });
  return Object.assign(script, {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
  });
}

function nextOf(script: Pick<Receiver, 'answers'>): Answer {
  const [next = { status: 200 }, ...others] = script.answers;
  if (others.length > 0) script.answers = others;
  return next;
}
