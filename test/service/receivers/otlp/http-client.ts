/** A client that sends what no well-behaved one would. */
import { once } from 'node:events';
import { type IncomingHttpHeaders, request } from 'node:http';
import { connect, type Socket } from 'node:net';
import type { TestContext } from 'node:test';

export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

export interface Sent {
  readonly method?: string;
  readonly path?: string;
  readonly headers?: Readonly<Record<string, string | number>>;
  readonly body?: Uint8Array | string;
}

export async function send(host: string, { method = 'POST', path = '/v1/metrics', headers = {}, body }: Sent): Promise<Answer> {
  const { hostname, port } = new URL(`http://${host}`);
  // As it is: a URL would be put in order.
  const sent = request({ hostname, port, path, method, headers, agent: false });
  // A server may answer, and close, before it has read all.
  sent.on('error', () => {});
  sent.end(body);
  const [response] = await once(sent, 'response');
  const chunks: Buffer[] = [];
  for await (const chunk of response) chunks.push(chunk);
  return { status: response.statusCode, headers: response.headers, body: Buffer.concat(chunks) };
}

/** A bare connection; `text` is what came so far. */
export async function open(
  t: TestContext,
  host: string,
): Promise<{ socket: Socket; text: () => string; closed: Promise<unknown> }> {
  const [name, port] = host.split(':');
  const socket = connect({ host: name ?? '', port: Number(port), noDelay: true });
  socket.on('error', () => {});
  t.after(() => socket.destroy());
  let text = '';
  socket.setEncoding('latin1').on('data', (chunk: string) => {
    text += chunk;
  });
  const closed = new Promise((resolve) => socket.once('close', resolve));
  await once(socket, 'connect');
  return { socket, text: () => text, closed };
}
