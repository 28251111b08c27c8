/** Opens a listener at an address of the configuration, which is taken as meant also where other machines can reach it. */
import { type Address, addressText } from '../config/schema/index.ts';
import type { Handler } from '../http/exchange.ts';
import { plainReply } from '../http/plain-reply.ts';
import { isLoopbackHost } from '../pull/listen-address.ts';
import { type OpenListener, openListener } from '../pull/open-listener.ts';

const missing = plainReply(404, '404 page not found');

/** @param at the address's place in the configuration, for messages. Rejects with LISTEN_FAILED. */
export function listenAt(handler: Handler, address: Address, at: string): Promise<OpenListener> {
  return openListener({ handler, missing: () => missing }, addressText(address), {
    at,
    log: () => {},
    public: !isLoopbackHost(address.host),
  });
}
