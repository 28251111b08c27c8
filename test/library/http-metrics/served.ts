/** A server on a free port, and what a bridge shows of its requests. */
import { once } from 'node:events';
import { type IncomingMessage, request, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { TestContext } from 'node:test';
import { type Bridge, contract, meterbridge } from '../../../src/index.ts';
import { until } from '../../until.ts';

export function open(t: TestContext): Bridge {
  const bridge = meterbridge(contract('app', {}), { isolated: true, push: false, log: (line) => t.diagnostic(line) });
  t.after(() => bridge.close());
  return bridge as unknown as Bridge;
}

/** Returns the server's port. */
export async function listening(t: TestContext, server: Server): Promise<number> {
  await once(server.listen(0, '127.0.0.1'), 'listening');
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  return (server.address() as AddressInfo).port;
}

/** Sends one request on its own connection, and reads the answer to its end. */
export async function ask(port: number, path: string, method = 'GET', body = ''): Promise<{ status: number; text: string }> {
  const sent = request({
    port,
    host: '127.0.0.1',
    path,
    method,
    agent: false,
    headers: body === '' ? {} : { 'content-length': body.length },
  });
  sent.end(body);
  const [answer] = (await once(sent, 'response')) as [IncomingMessage];
  const text = (await answer.setEncoding('utf8').toArray()).join('');
  return { status: answer.statusCode ?? 0, text };
}

/** Samples whose name is this, by their labels that are not empty and not left out: `method=GET route=/a` → value. */
export async function samples(bridge: Bridge, name: string, without: readonly string[] = []): Promise<Record<string, number>> {
  const found = (await bridge.gather()).flatMap((family) => family.samples).filter((sample) => sample.name === name);
  return Object.fromEntries(
    found.map(({ labels, value }) => [
      labels
        .filter(([label, text]) => text !== '' && !without.includes(label))
        .map((pair) => pair.join('='))
        .join(' '),
      value,
    ]),
  );
}

const short = ['url_scheme', 'network_protocol_version'];
/** Requests counted under the semantic conventions, once the last answer has closed. */
export async function counted(bridge: Bridge, total: number): Promise<Record<string, number>> {
  let all: Record<string, number> = {};
  await until(`at ${total} requests`, async () => {
    all = await samples(bridge, 'http_server_request_duration_seconds_count', short);
    return Object.values(all).reduce((sum, value) => sum + value, 0) >= total;
  });
  return shortened(all);
}

const shortened = (all: Record<string, number>) =>
  Object.fromEntries(
    Object.entries(all).map(([key, value]) => [
      key
        .split(' ')
        .map((pair) => pair.slice(pair.indexOf('=') + 1))
        .join(' '),
      value,
    ]),
  );
