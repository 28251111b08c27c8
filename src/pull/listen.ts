/** The dedicated listener: a port of its own for one handler, on this machine unless told otherwise. */
import { MeterbridgeError } from '../errors/error.ts';
import type { Handler } from '../http/exchange.ts';
import { inContainer } from './container.ts';
import { authorityOf, type BindTarget, bindTarget, type ListenAddress, parseListenAddress } from './listen-address.ts';
import { createListenerApp } from './listener-app.ts';

export interface ListenOptions {
  /** The address may be reached from other machines, and that is meant. Default: false. */
  readonly public?: boolean;
  /** The one path that is served. Default: `/metrics`. */
  readonly path?: string;
  /** Takes a line an operator should read. Default: standard error. */
  readonly log?: (line: string) => void;
  /** What the user calls the address, for error messages. Default: `listen`. */
  readonly at?: string;
  /** How the user says that a public address is meant, for error messages. Default: `public: true`. */
  readonly publicSetting?: string;
}

export interface Listener {
  /** Where the metrics are, with the real port: `http://127.0.0.1:9478/metrics`. */
  readonly url: string;
  /** What is bound. */
  readonly address: ListenAddress;
  /** Refuses new connections, ends idle ones at once and busy ones within a second. May be called again. */
  close(): Promise<void>;
}

/** How long a scrape that is under way may still take while the listener closes. */
const closeGraceMs = 1_000;

/**
 * Opens the listener. Rejects with LISTEN_ADDRESS_INVALID, LISTEN_NOT_LOOPBACK or LISTEN_FAILED. Fastify is loaded here and
 * not before, so that who never listens does not pay for it.
 *
 * A listener on loopback answers requests for loopback names only: a web page whose own name was made to resolve to 127.0.0.1
 * (DNS rebinding) would otherwise read the metrics through its visitor's browser. Foreign names get 421.
 */
export async function listen(handler: Handler, address: string, options: ListenOptions = {}): Promise<Listener> {
  const at = options.at ?? 'listen';
  const path = options.path ?? '/metrics';
  const parsed = parseListenAddress(address, at);
  if (!parsed.ok) throw new MeterbridgeError('LISTEN_ADDRESS_INVALID', parsed.problems);
  const { host, port } = parsed.address;
  const target = await bindTarget(parsed.address).catch((error: unknown) => {
    throw failed(at, address, 'the name of a listen address can be resolved', 'correct the name, or write an IP address', error);
  });
  if (!target.loopback && options.public !== true) throw notLoopback(at, address, options.publicSetting ?? 'public: true');

  const app = await createListenerApp(handler, path, target.loopback && options.public !== true ? host : undefined);
  const ip = await bind(app, target, port, at, address);
  const bound = { host: ip, port: portOf(app) ?? port };
  if (target.loopback && inContainer()) {
    const log = options.log ?? ((line: string) => console.error(line));
    log(containerLine(at, bound));
  }

  let closing: Promise<void> | undefined;
  async function close(): Promise<void> {
    const timer = setTimeout(() => app.server.closeAllConnections(), closeGraceMs);
    await app.close();
    clearTimeout(timer);
  }
  return Object.freeze({
    url: `http://${authorityOf(reachable(ip), bound.port)}${path}`,
    address: Object.freeze(bound),
    close: () => (closing ??= close()),
  });
}

type App = Awaited<ReturnType<typeof createListenerApp>>;

/** Binds, and says which IP address it became. */
async function bind(app: App, target: BindTarget, port: number, at: string, address: string): Promise<string> {
  try {
    await app.listen({ host: target.ip, port });
    return target.ip;
  } catch (error) {
    await app.close();
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code === 'EADDRINUSE') throw failed(at, address, 'the port must be free', 'stop what listens there, or choose another port', error);
    if (code === 'EACCES') throw failed(at, address, 'this user may open the port', 'choose a port above 1023', error);
    const unknown = code === 'EADDRNOTAVAIL' || code === 'EAFNOSUPPORT';
    const fix = unknown ? 'write an address of this machine, e.g. 127.0.0.1' : 'see the cause';
    throw failed(at, address, `the address can be opened (${String(code ?? error)})`, fix, error);
  }
}

function portOf(app: App): number | undefined {
  const address = app.server.address();
  return typeof address === 'object' ? address?.port : undefined;
}

function failed(at: string, got: string, rule: string, fix: string, cause: unknown): MeterbridgeError {
  return new MeterbridgeError('LISTEN_FAILED', [{ at, got: JSON.stringify(got), rule, fix }], { cause });
}

function notLoopback(at: string, got: string, publicSetting: string): MeterbridgeError {
  const rule = 'a listen address stays on this machine: 127.0.0.0/8, [::1] or localhost';
  const fix = `use 127.0.0.1, or set ${publicSetting} if other machines are meant to read the metrics`;
  return new MeterbridgeError('LISTEN_NOT_LOOPBACK', [{ at, got: JSON.stringify(got), rule, fix }]);
}

function containerLine(at: string, { host, port }: ListenAddress): string {
  return (
    `${at}: ${authorityOf(host, port)} is this container's own loopback, so a scraper outside cannot reach it. ` +
    `Fix: listen on 0.0.0.0:${port} and say that it is public, or scrape from inside the pod.`
  );
}

/** An address to connect to, where "all interfaces" was bound. */
function reachable(ip: string): string {
  if (ip === '0.0.0.0') return '127.0.0.1';
  return ip === '::' ? '::1' : ip;
}
