/** A listener: a port of its own for one handler, on this machine by default. The caller decides what it serves. */
import type { Socket } from 'node:net';
import { MeterbridgeError } from '../../core/errors/error.ts';
import { compileProxies, type Proxies } from '../access/client-address.ts';
import type { AccessEvents } from '../access/guarded.ts';
import type { RequestLog } from '../access/log/request-log.ts';
import type { Handler } from '../http/exchange.ts';
import type { WebConfigServer } from '../web-config/index.ts';
import { bind, resolveTarget } from './bind.ts';
import type { ConnectionsOptions } from './connections.ts';
import { ownsLoopback, type Surroundings } from './container.ts';
import { type HostCheck, loopbackHosts } from './hosts.ts';
import { authorityOf, type ListenAddress, parseListenAddress } from './listen-address.ts';
import type { ListenerBounds } from './listener-bounds.ts';
import { createListenerServer } from './listener-server.ts';

/** What a listener serves. With several paths: `handler` is `routed(…)`. */
export interface Site {
  readonly handler: Handler;
  /** Responds where `handler` returns 404, so that a client cannot distinguish a hidden path from one that does not exist. */
  readonly missing: Handler;
}

export interface OpenOptions extends AccessEvents {
  /** Allows an address that other machines can reach. Default: false. */
  readonly public?: boolean;
  /**
   * A file with TLS, basic authentication, headers and a rate limit, in the format of Prometheus's Exporter Toolkit
   * (`web-config.yml`): see docs/access.md#web-configuration. Clients that it lets in still have to pass `access`. Default: plain
   * HTTP for every client.
   */
  readonly webConfig?: string;
  /** An access log, and `X-Request-Id` on every response: see docs/access.md#access-log-and-request-ids. Default: neither. */
  readonly requestLog?: RequestLog;
  /** Receives log lines for the operator. Default: writes to standard error. */
  readonly log?: (line: string) => void;
  /**
   * The file that threads run, if a bundler has made one file of your program: `meterbridge/thread`, bundled as a second file. A
   * path or a `file:` URL. Needed for `thread: true` and for the passwords of a `webConfig`: see
   * docs/installing.md#the-threads-file. Default: the file beside Meterbridge's own code.
   */
  readonly threadFile?: string | URL;
  /** The listener does not keep the process running. Not for a listener in a worker thread. Default: false. */
  readonly unref?: boolean;
  /**
   * In a container: loopback is meant, because the scraper is inside, e.g. a sidecar. `METERBRIDGE_OWN_LOOPBACK=1` does the same.
   * Without it, one log line says that no scraper outside reaches the listener, unless its port is 0 or the container is on its
   * machine's network. Default: false.
   */
  readonly ownLoopback?: boolean;
  /** The user's name for the address, in error messages. Default: `listen`. */
  readonly at?: string;
  /** How the user allows a public address, in error messages. Default: `public: true`. */
  readonly publicSetting?: string;
}

interface OpenSettings extends OpenOptions {
  /** The proxies whose client address a web configuration trusts. Default: none. */
  readonly proxies?: Proxies | undefined;
  /** Default: those of the metrics' listener. */
  readonly bounds?: ListenerBounds;
  /** Where the listener runs. Default: as the process sees it. */
  readonly surroundings?: Surroundings;
  /** Default: a listener on loopback that is not public serves requests for loopback names, the others for every host. */
  readonly hosts?: HostCheck | undefined;
  /** Called for connections that end because all listeners together have too many. Default: logs it, once. */
  readonly crowded?: ConnectionsOptions['crowded'];
  /** Sets up connections and checks requests instead of a `webConfig`. */
  readonly front?: WebConfigServer | undefined;
}

export interface OpenListener {
  /** With the real port: `http://127.0.0.1:9478`. */
  readonly origin: string;
  /** The bound address. */
  readonly address: ListenAddress;
  /** Accepts no new connections, ends idle ones at once and busy ones within a second. May be called again. */
  close(): Promise<void>;
}

/** How long a response in progress may still take while the listener closes. */
export const closeGraceMs = 1_000;

/**
 * Opens a listener. Rejects with LISTEN_ADDRESS_INVALID, LISTEN_NOT_LOOPBACK, WEB_CONFIG_INVALID or LISTEN_FAILED.
 *
 * A listener on loopback serves requests for loopback names only and responds to others with 421. Otherwise a web page whose name
 * resolves to 127.0.0.1 (DNS rebinding) could read it through its visitor's browser.
 */
export async function openListener(
  { handler, missing }: Site,
  address: string,
  options: OpenSettings = {},
): Promise<OpenListener> {
  const at = options.at ?? 'listen';
  const parsed = parseListenAddress(address, at);
  if (!parsed.ok) throw new MeterbridgeError('LISTEN_ADDRESS_INVALID', parsed.problems);
  const { host, port } = parsed.address;
  const target = await resolveTarget(parsed.address, at, address);
  if (!target.loopback && options.public !== true) throw notLoopback(at, address, options.publicSetting ?? 'public: true');

  const log = safely(options.log ?? ((line: string) => console.error(line)));
  const webConfigServer = options.front ?? (await openWebConfig(options, log));
  const listener = createListenerServer({
    handler,
    missing,
    hosts: options.hosts ?? (target.loopback && options.public !== true ? loopbackHosts(host) : undefined),
    requestLog: options.requestLog,
    webConfigServer,
    ...(options.bounds && { bounds: options.bounds }),
    crowded: options.crowded ?? once((message) => log(`${at}: ${message}`)),
  });
  const bound = await bind(listener, target, port, at, address);
  // A scraper keeps its connection open.
  if (options.unref === true) listener.server.unref().on('connection', (socket: Socket) => socket.unref());
  if (target.loopback && port !== 0 && options.ownLoopback !== true) sayOnce(log, at, bound, options.surroundings);

  let closing: Promise<void> | undefined;
  return Object.freeze({
    origin: `${webConfigServer?.scheme ?? 'http'}://${authorityOf(reachable(bound.host), bound.port)}`,
    address: bound,
    close: () => (closing ??= listener.close(closeGraceMs)),
  });
}

/** Loaded only with a web configuration, so that other users do not load YAML and TLS. */
async function openWebConfig(
  { webConfig, proxies, onRefused, threadFile }: OpenSettings,
  log: (line: string) => void,
): Promise<WebConfigServer | undefined> {
  if (webConfig === undefined) return undefined;
  const { openWebConfigServer } = await import('../web-config/index.ts');
  return openWebConfigServer(webConfig, { log, clientOf: compileProxies(proxies), onRefused, threadFile });
}

/** A log that throws must not stop the listener, nor leave it open. */
function safely(log: (line: string) => void): (line: string) => void {
  return (line) => {
    try {
      log(line);
    } catch {
      // There is nowhere left to log the error.
    }
  };
}

function notLoopback(at: string, got: string, publicSetting: string): MeterbridgeError {
  const rule = 'a listen address stays on this machine: 127.0.0.0/8, [::1] or localhost';
  const fix = `use 127.0.0.1, or set ${publicSetting} if other machines are meant to read the metrics`;
  return new MeterbridgeError('LISTEN_NOT_LOOPBACK', [{ at, got: JSON.stringify(got), rule, fix }]);
}

function once(tell: (message: string) => void): (message: string) => void {
  let reported = false;
  return (message) => {
    if (!reported) tell(message);
    reported = true;
  };
}

let said = false;

/** Once in a process, which may open many listeners. */
function sayOnce(log: (line: string) => void, at: string, bound: ListenAddress, surroundings?: Surroundings): void {
  if (said || !ownsLoopback(surroundings)) return;
  said = true;
  log(containerLine(at, bound));
}

function containerLine(at: string, { host, port }: ListenAddress): string {
  return (
    `${at}: ${authorityOf(host, port)} is this container's own loopback, so a scraper outside cannot reach it. ` +
    `Fix: listen on 0.0.0.0:${port} and make it public; or, if the scraper is inside, pass ownLoopback: true.`
  );
}

/** An address to connect to, where the listener is bound to all interfaces. */
function reachable(ip: string): string {
  if (ip === '0.0.0.0') return '127.0.0.1';
  return ip === '::' ? '::1' : ip;
}
