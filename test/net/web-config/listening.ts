/** The dedicated listener behind a web configuration, and clients that speak TLS with it. */
import { cpSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { type IncomingHttpHeaders, request as plainRequest } from 'node:http';
import { request as tlsRequest } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import type { TestContext } from 'node:test';
import type { SecureVersion } from 'node:tls';
import type { Refused } from '../../../src/access.ts';
import { createStore } from '../../../src/core/store/index.ts';
import type { Listener, ListenOptions } from '../../../src/net/pull/index.ts';
import { openEndpoint, putGauge, type Where } from '../pull/endpoint.ts';
import { certificate, certificates } from './good-cases.ts';

export interface Asking {
  /** `user:password`. */
  readonly auth?: string;
  readonly authorization?: string;
  /** The name of a client's certificate. */
  readonly as?: string;
  readonly path?: string;
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly maxVersion?: SecureVersion;
  readonly ciphers?: string;
  readonly ALPNProtocols?: readonly string[];
}

export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
  /** The serial number of the server's certificate. */
  readonly serial: string | undefined;
}

export interface Listening {
  readonly listener: Listener;
  readonly refusals: readonly Refused[];
  /** What was said of the web configuration. */
  readonly lines: () => readonly string[];
  readonly collections: () => number;
  /** Over a connection of its own. */
  ask(asking?: Asking): Promise<Answer>;
  /** Replaces a file as a careful program does. */
  put(name: string, text: string): void;
}

export async function listening(t: TestContext, where: Where, yaml: string, listen: ListenOptions = {}): Promise<Listening> {
  const folder = mkdtempSync(join(tmpdir(), 'meterbridge-web-config-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  cpSync(certificates, folder, { recursive: true });
  writeFileSync(join(folder, 'web-config.yml'), yaml);

  const refusals: Refused[] = [];
  let collections = 0;
  const store = createStore();
  putGauge(store, 'app.runs', 3);
  const { listener, lines } = await openEndpoint(t, where, store, {
    refresh: async () => {
      collections += 1;
    },
    listen: { webConfig: join(folder, 'web-config.yml'), onRefused: (event) => void refusals.push(event), ...listen },
  });
  return {
    listener,
    refusals,
    // In a container the listener has something else to say.
    lines: () => lines.filter((line) => !line.startsWith('listen: ')),
    collections: () => collections,
    ask: (asking) => ask(listener, asking),
    put(name, contents) {
      writeFileSync(join(folder, `${name}.new`), contents);
      renameSync(join(folder, `${name}.new`), join(folder, name));
    },
  };
}

export async function ask(listener: Listener, asking: Asking = {}): Promise<Answer> {
  const { as, authorization, path = '/metrics', headers = {}, ALPNProtocols, ...rest } = asking;
  const url = new URL(path, listener.url);
  const options = {
    ...rest,
    agent: false,
    headers: { ...headers, ...(authorization !== undefined && { authorization }) },
    ca: certificate('authority.pem'),
    ...(ALPNProtocols !== undefined && { ALPNProtocols: [...ALPNProtocols] }),
    ...(as !== undefined && { cert: certificate(`${as}.pem`), key: certificate(`${as}.key.pem`) }),
  };
  const { promise, resolve, reject } = Promise.withResolvers<Answer>();
  const sent = (url.protocol === 'https:' ? tlsRequest : plainRequest)(url, options, (response) => {
    const { socket } = response;
    const serial =
      'getPeerCertificate' in socket ? (socket.getPeerCertificate as () => { serialNumber: string })().serialNumber : undefined;
    text(response).then((body) => resolve({ status: response.statusCode ?? 0, headers: response.headers, body, serial }), reject);
  });
  sent.on('error', reject);
  sent.end();
  return promise;
}
