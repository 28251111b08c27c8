/** Opens a listener at an address of the configuration, which is taken as meant also where other machines can reach it. */
import { type Address, addressText } from '../config/schema/index.ts';
import type { Handler } from '../http/exchange.ts';
import { plainReply } from '../http/plain-reply.ts';
import type { WebConfigServer } from '../web-config/index.ts';
import { bindSocket } from './bind-socket.ts';
import { isLoopbackHost } from './listen-address.ts';
import { createListenerServer } from './listener-server.ts';
import { closeGraceMs, type OpenListener, openListener } from './open-listener.ts';

const missing = plainReply(404, '404 page not found');

export interface ListenAtOptions {
  /** The address's place in the configuration, for messages. */
  readonly at: string;
  /** Answers requests for any name. Default: where the address is beyond loopback. */
  readonly anyName?: boolean;
  /** Absent: plain, for every client. */
  readonly front?: WebConfigServer | undefined;
}

export type Opened = Pick<OpenListener, 'origin' | 'close'>;

/** Rejects with LISTEN_FAILED. */
export function listenAt(handler: Handler, address: Address, options: ListenAtOptions): Promise<Opened> {
  if (address.path !== undefined) return listenAtSocket(handler, address.path, options);
  const { at, anyName, front } = options;
  return openListener({ handler, missing: () => missing }, addressText(address), {
    at,
    // Its line about containers is for embedders, who make an address public elsewhere.
    log: () => {},
    public: anyName ?? !isLoopbackHost(address.host),
    front,
  });
}

/** No page of a browser can reach it: requests for any name are answered. */
async function listenAtSocket(handler: Handler, path: string, { at, front }: ListenAtOptions): Promise<Opened> {
  const listener = createListenerServer({ handler, missing: () => missing, webConfigServer: front });
  await bindSocket(listener, path, at);
  return Object.freeze({ origin: `${front?.scheme ?? 'http'}://unix:${path}:`, close: () => listener.close(closeGraceMs) });
}
