/** Opens a listener at an address of the configuration, which counts as intended also where other machines can reach it. */
import { type Address, addressText } from '../../core/config/schema/index.ts';
import type { Handler } from '../http/exchange.ts';
import { plainReply } from '../http/plain-reply.ts';
import type { WebConfigServer } from '../web-config/index.ts';
import { bindSocket } from './bind-socket.ts';
import { tooMany } from './connections.ts';
import { type HostCheck, otherHost, serviceHosts } from './hosts.ts';
import { createListenerServer } from './listener-server.ts';
import { closeGraceMs, type OpenListener, openListener } from './open-listener.ts';

const missing = plainReply(404, '404 page not found');

type ReportRefusal = (kind: string, message: string) => void;

export interface ListenAtOptions {
  /** The address's location in the configuration, for messages. */
  readonly at: string;
  /**
   * Names of the listener beside the one in its address. At a socket, which no page of a browser can reach, every name is one.
   */
  readonly allowedHosts: readonly string[] | undefined;
  /** Counts what is rejected, by kind. */
  readonly refusal: ReportRefusal;
  /** Absent: plain, for every client. */
  readonly front?: WebConfigServer | undefined;
}

export type Opened = Pick<OpenListener, 'origin' | 'close'>;

/** Rejects with LISTEN_FAILED. */
export function listenAt(handler: Handler, address: Address, options: ListenAtOptions): Promise<Opened> {
  if (address.path !== undefined) return listenAtSocket(handler, address.path, options);
  const { at, allowedHosts = [], refusal, front } = options;
  return openListener({ handler, missing: () => missing }, addressText(address), {
    at,
    // Its line about containers is for embedders, who make an address public elsewhere.
    log: () => {},
    public: true,
    hosts: counted(serviceHosts([address.host, ...allowedHosts]), refusal),
    crowded: (message) => refusal(tooMany, message),
    front,
  });
}

async function listenAtSocket(handler: Handler, path: string, { at, refusal, front }: ListenAtOptions): Promise<Opened> {
  const crowded = (message: string) => refusal(tooMany, message);
  const listener = createListenerServer({ handler, missing: () => missing, webConfigServer: front, crowded });
  await bindSocket(listener, path, at);
  return Object.freeze({ origin: `${front?.scheme ?? 'http'}://unix:${path}:`, close: () => listener.close(closeGraceMs) });
}

function counted(check: HostCheck, refusal: ReportRefusal): HostCheck {
  return (header) => {
    const refused = check(header);
    if (refused !== undefined) refusal(otherHost, refused);
    return refused;
  };
}
