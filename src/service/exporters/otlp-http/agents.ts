/** Connections of the service: the one used last is used first, so that the others become idle. */
import { Agent } from 'node:http';
import { Agent as SecureAgent } from 'node:https';
import { isIP, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { type ConnectionOptions, connect, createSecureContext, type SecureContext, type TLSSocket } from 'node:tls';
import { tunnel } from './tunnel.ts';

/** As Go's client. */
const connectMs = 30_000;
/** TLS sessions that are kept: there is one receiver, and those that it redirects to. */
const mostSessions = 10;

export interface ConnectionSettings {
  /** Connections are kept for the next request. */
  readonly keepAlive: boolean;
  readonly maxIdle: number;
  /** Milliseconds that a connection may be idle. A receiver's `Keep-Alive` may say less. */
  readonly idleMs: number;
}

export interface Agents {
  readonly plain: Agent;
  readonly secure: SecureAgent;
  /** Through this proxy. */
  tunnelled(proxy: URL): SecureAgent;
  close(): void;
}

type Done = (error: Error | null, stream: Duplex) => void;

interface To extends ConnectionOptions {
  readonly host: string;
  readonly port: number;
}

/** @param tls what it is at a new connection: another object where it has changed */
export function createAgents(tls: () => ConnectionOptions, { keepAlive, maxIdle, idleMs }: ConnectionSettings): Agents {
  const options = { keepAlive, maxFreeSockets: maxIdle, timeout: idleMs, noDelay: true } as const;
  const tunnels = new Map<string, SecureAgent>();
  const contextOf = createContexts(tls);

  function connectTls({ host, port }: To, socket?: Socket): Socket {
    // By its endpoint, as in Go's client, and not by a configured Host header, as in node:https; `server_name_override` is in the
    // options.
    const servername = isIP(host) === 0 ? host : '';
    const { sessions, ...own } = contextOf();
    const at = `${host} ${port}`;
    const connection = connect({
      servername,
      ...own,
      host,
      port,
      socket,
      session: sessions.get(at),
      ALPNProtocols: ['http/1.1'],
    });
    keepSession(connection, at, sessions);
    return within(connection, 'secureConnect');
  }

  class Plain extends Agent {
    override createConnection(...args: Parameters<Agent['createConnection']>) {
      return within(super.createConnection(...args) as Socket, 'connect');
    }
  }

  class Secure extends SecureAgent {
    override createConnection(to: object) {
      return connectTls(to as To);
    }
  }

  class Tunnelled extends SecureAgent {
    private readonly proxy: URL;
    constructor(proxy: URL) {
      super(options);
      this.proxy = proxy;
    }
    override createConnection(to: object, done?: Done) {
      const { host, port } = to as To;
      tunnel(this.proxy, `${host.includes(':') ? `[${host}]` : host}:${port}`, connectMs).then(
        (socket) => done?.(null, connectTls(to as To, socket)),
        (error: Error) => done?.(error, undefined as never),
      );
      return undefined;
    }
  }

  const [plain, secure] = [new Plain(options), new Secure(options)];
  return Object.freeze({
    plain,
    secure,
    tunnelled(proxy: URL) {
      const agent = tunnels.get(proxy.href) ?? new Tunnelled(proxy);
      tunnels.set(proxy.href, agent);
      return agent;
    },
    close() {
      for (const agent of [plain, secure, ...tunnels.values()]) agent.destroy();
    },
  });
}

/** Ends a socket that does not connect in time. */
function within(socket: Socket, connected: string): Socket {
  const timer = setTimeout(() => socket.destroy(Object.assign(new Error('connect ETIMEDOUT'), { code: 'ETIMEDOUT' })), connectMs);
  const stop = () => clearTimeout(timer);
  return socket.once(connected, stop).once('close', stop);
}

/**
 * So that the next connection needs no handshake with certificates (RFC 8446, section 2.2). A session that a connection fails
 * with is not tried again.
 */
function keepSession(socket: TLSSocket, at: string, sessions: Map<string, Buffer>): void {
  socket.on('session', (session) => {
    if (!sessions.has(at) && sessions.size >= mostSessions) sessions.clear();
    sessions.set(at, session);
  });
  socket.once('close', (failed) => {
    if (failed) sessions.delete(at);
  });
}

interface Secured extends ConnectionOptions {
  readonly secureContext: SecureContext;
  /** By host and port. A session says whom the context trusted: another context begins without. */
  readonly sessions: Map<string, Buffer>;
}

/** The context is made once, until the options change: the authorities of a machine are some hundred certificates. */
function createContexts(tls: () => ConnectionOptions): () => Secured {
  let current: ConnectionOptions | undefined;
  let made: Secured;
  return () => {
    const latest = tls();
    if (latest !== current) made = { ...latest, secureContext: createSecureContext(latest), sessions: new Map() };
    current = latest;
    return made;
  };
}
