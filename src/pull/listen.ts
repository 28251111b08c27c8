/** The dedicated listener: a port of its own for one handler, on this machine unless told otherwise. */
import { once } from 'node:events';
import { compileProxies } from '../access/client-address.ts';
import { type Access, type AccessEvents, guarded } from '../access/guarded.ts';
import { type FixedReply, notFound, replyFrom } from '../access/refusal.ts';
import type { RequestLog } from '../access/request-log.ts';
import { MeterbridgeError } from '../errors/error.ts';
import type { Handler, Reply } from '../http/exchange.ts';
import type { WebFront } from '../web-config/index.ts';
import { inContainer } from './container.ts';
import { type Formats, withFormats } from './formats.ts';
import { authorityOf, type BindTarget, bindTarget, type ListenAddress, parseListenAddress } from './listen-address.ts';
import { listenFailed } from './listen-failed.ts';
import { createListenerServer, type ListenerServer } from './listener-server.ts';

export interface ListenOptions extends AccessEvents {
  /** The address may be reached from other machines, and that is meant. Default: false. */
  readonly public?: boolean;
  /** The path that is served, or several; the listener's URL has the first. Default: `/metrics`. */
  readonly path?: string | readonly [string, ...string[]];
  /** Who may read the metrics. Default: who reaches the address. */
  readonly access?: Access;
  /**
   * What a GET with `?format=NAME` gets in place of the exposition, by name; made in the host's thread, also for a listener that has one of its own:
   * while the host is blocked, it is waited for up to 10 s, then 504. Default: none, `format` means nothing.
   */
  readonly formats?: Formats;
  /** The gate stands before paths that do not exist too. Default: false, they are 404 whoever asks. */
  readonly guardAll?: boolean;
  /**
   * A file with TLS, basic authentication, headers and a rate limit, in the format of Prometheus's Exporter Toolkit (`web-config.yml`). It, and
   * the files that it names, are read again when they change. Whoever it lets in still has to pass `access`. Default: plain HTTP for everybody.
   */
  readonly webConfig?: string;
  /** What a path that does not exist gets, and whoever is refused with 404. Default: `not found` as plain text. */
  readonly notFound?: FixedReply;
  /** An access log, and `X-Request-Id` on every response. Default: neither. */
  readonly requestLog?: RequestLog;
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
/** Connections that the system holds until they are accepted: as many as the listener takes, when they come all at once. */
const backlog = 1_000;

/**
 * Opens the listener. Rejects with LISTEN_ADDRESS_INVALID, LISTEN_NOT_LOOPBACK, ACCESS_CONFIG_INVALID, WEB_CONFIG_INVALID or LISTEN_FAILED.
 *
 * A listener on loopback answers requests for loopback names only: a web page whose own name was made to resolve to 127.0.0.1
 * (DNS rebinding) would otherwise read the metrics through its visitor's browser. Foreign names get 421.
 */
export async function listen(handler: Handler, address: string, options: ListenOptions = {}): Promise<Listener> {
  const at = options.at ?? 'listen';
  const paths = typeof options.path === 'object' ? options.path : ([options.path ?? '/metrics'] as const);
  const parsed = parseListenAddress(address, at);
  if (!parsed.ok) throw new MeterbridgeError('LISTEN_ADDRESS_INVALID', parsed.problems);
  const { host, port } = parsed.address;
  const target = await bindTarget(parsed.address).catch((error: unknown) => {
    throw listenFailed(at, address, 'the name of a listen address can be resolved', 'correct the name, or write an IP address', error);
  });
  if (!target.loopback && options.public !== true) throw notLoopback(at, address, options.publicSetting ?? 'public: true');

  const log = safely(options.log ?? ((line: string) => console.error(line)));
  const front = await webFront(options, log);
  const missing = replyFrom(options.notFound ?? notFound());
  const listener = createListenerServer({
    handler: behind(options.formats === undefined ? handler : withFormats(handler, options.formats), paths, missing, options),
    onlyFor: target.loopback && options.public !== true ? host : undefined,
    missing,
    requestLog: options.requestLog,
    front,
  });
  const ip = await bind(listener, target, port, at, address);
  const bound = { host: ip, port: portOf(listener) ?? port };
  if (target.loopback && inContainer()) log(containerLine(at, bound));

  let closing: Promise<void> | undefined;
  return Object.freeze({
    url: `${front?.scheme ?? 'http'}://${authorityOf(reachable(ip), bound.port)}${paths[0]}`,
    address: Object.freeze(bound),
    close: () => (closing ??= listener.close(closeGraceMs)),
  });
}

/** First the path and then the gate, or the other way round. */
function behind(handler: Handler, paths: readonly string[], missing: Reply, { access, guardAll, ...events }: ListenOptions): Handler {
  const gated = (inner: Handler): Handler => (access === undefined ? inner : guarded(inner, access, events));
  const routed =
    (inner: Handler): Handler =>
    async (request) =>
      paths.includes(request.path) ? inner(request) : missing;
  return guardAll === true ? gated(routed(handler)) : routed(gated(handler));
}

/** Loaded by who has a web configuration, so that nobody else pays for YAML and TLS. */
async function webFront({ webConfig, access, onRefused }: ListenOptions, log: (line: string) => void): Promise<WebFront | undefined> {
  if (webConfig === undefined) return undefined;
  const { openWebFront } = await import('../web-config/index.ts');
  return openWebFront(webConfig, { log, clientOf: compileProxies(access?.proxies), onRefused });
}

/** Binds, and says which IP address it became. */
async function bind(listener: ListenerServer, target: BindTarget, port: number, at: string, address: string): Promise<string> {
  const { server } = listener;
  try {
    server.listen({ host: target.ip, port, backlog });
    await once(server, 'listening');
    return target.ip;
  } catch (error) {
    await listener.close(0);
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code === 'EADDRINUSE')
      throw listenFailed(at, address, 'the port must be free', 'stop what listens there, or choose another port', error);
    if (code === 'EACCES') throw listenFailed(at, address, 'this user may open the port', 'choose a port above 1023', error);
    const unknown = code === 'EADDRNOTAVAIL' || code === 'EAFNOSUPPORT';
    const fix = unknown ? 'write an address of this machine, e.g. 127.0.0.1' : 'see the cause';
    throw listenFailed(at, address, `the address can be opened (${String(code ?? error)})`, fix, error);
  }
}

/** A log that throws must not cost the listener, nor leave it open. */
function safely(log: (line: string) => void): (line: string) => void {
  return (line) => {
    try {
      log(line);
    } catch {
      // There is nowhere left to say so.
    }
  };
}

function portOf({ server }: ListenerServer): number | undefined {
  const address = server.address();
  return typeof address === 'object' ? address?.port : undefined;
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
