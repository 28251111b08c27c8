/** Opens a listener at an address of the configuration, which is taken as meant also where other machines can reach it. */
import { type Address, addressText } from '../config/schema/index.ts';
import type { Handler } from '../http/exchange.ts';
import { plainReply } from '../http/plain-reply.ts';
import { isLoopbackHost } from '../pull/listen-address.ts';
import { type OpenListener, openListener } from '../pull/open-listener.ts';
import type { WebConfigServer } from '../web-config/index.ts';

const missing = plainReply(404, '404 page not found');

export interface ListenAtOptions {
  /** The address's place in the configuration, for messages. */
  readonly at: string;
  /** Answers requests for any name. Default: where the address is beyond loopback. */
  readonly anyName?: boolean;
  /** Absent: plain, for every client. */
  readonly front?: WebConfigServer | undefined;
}

/** Rejects with LISTEN_FAILED. */
export function listenAt(handler: Handler, address: Address, { at, anyName, front }: ListenAtOptions): Promise<OpenListener> {
  return openListener({ handler, missing: () => missing }, addressText(address), {
    at,
    // Its line about containers is for embedders, who make an address public elsewhere.
    log: () => {},
    public: anyName ?? !isLoopbackHost(address.host),
    front,
  });
}
