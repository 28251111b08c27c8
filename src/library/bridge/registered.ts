/**
 * What `meterbridge/register` serves in this process, for a bridge of the program that listens at the same port. Under a global
 * symbol, as the bridges are: the program may have loaded another copy of this package.
 */
import type { Handler } from '../../net/http/exchange.ts';

export interface Claim {
  /** What the listener serves: an exposition of all that the process records. */
  readonly page: Handler;
  /** The listener did not open: the address is free again. */
  release(): void;
}

export interface RegisteredListener {
  /** Frees the port for a listener of a bridge, if it has that port itself. Undefined: it has not. */
  claim(address: string, scrape: Handler, thread: boolean): Promise<Claim | undefined>;
}

// The number is the version of `RegisteredListener`.
const key = Symbol.for('meterbridge.register.1');
const holder = globalThis as { [key]?: RegisteredListener | undefined };

export const registeredListener = (): RegisteredListener | undefined => holder[key];

/** Undefined: there is none any more. */
export function setRegisteredListener(listener: RegisteredListener | undefined): void {
  holder[key] = listener;
}
