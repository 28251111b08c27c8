/** Opens a server at an address, or reports in the user's words why it cannot be opened. */
import { once } from 'node:events';
import type { Server } from 'node:net';
import { type BindTarget, bindTarget, type ListenAddress } from './listen-address.ts';
import { listenFailed } from './listen-failed.ts';

/** A server that is not open yet. */
export interface Bindable {
  readonly server: Server;
  /** No new connection, idle ones end, requests under way get their responses; what is left after `graceMs` is cut. */
  close(graceMs: number): Promise<void>;
}

/** Connections that the system holds until they are accepted: as many as the listener takes, in case they arrive all at once. */
export const backlog = 1_000;

/** Rejects with LISTEN_FAILED. `at`: the user's name for the address; `text`: the address as the user wrote it. */
export function resolveTarget(address: ListenAddress, at: string, text: string): Promise<BindTarget> {
  return bindTarget(address).catch((error: unknown) => {
    throw listenFailed(
      at,
      text,
      'the name of a listen address can be resolved',
      'correct the name, or write an IP address',
      error,
    );
  });
}

/** Returns what was bound: an IP address and the real port. Rejects with LISTEN_FAILED, and has closed the server then. */
export async function bind(
  bindable: Bindable,
  { ip }: BindTarget,
  port: number,
  at: string,
  text: string,
): Promise<ListenAddress> {
  const { server } = bindable;
  try {
    server.listen({ host: ip, port, backlog });
    await once(server, 'listening');
  } catch (error) {
    await bindable.close(0);
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code === 'EADDRINUSE')
      throw listenFailed(at, text, 'the port must be free', 'stop what listens there, or choose another port', error);
    if (code === 'EACCES') throw listenFailed(at, text, 'this user may open the port', 'choose a port above 1023', error);
    const unknown = code === 'EADDRNOTAVAIL' || code === 'EAFNOSUPPORT';
    const fix = unknown ? 'write an address of this machine, e.g. 127.0.0.1' : 'see the cause';
    throw listenFailed(at, text, `the address can be opened (${String(code ?? error)})`, fix, error);
  }
  const bound = server.address();
  return Object.freeze({ host: ip, port: typeof bound === 'object' && bound !== null ? bound.port : port });
}
