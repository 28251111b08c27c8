/** Requests on their way. They count against the queue's capacity until their outcome is known. */
import { bytesIn, type Entry, type Sizer, sizeIn } from './entry.ts';

/** Entries on their way as one request. */
export interface Request {
  readonly entries: readonly Entry[];
  readonly again: Promise<readonly Entry[]>;
  readonly cutOff: () => void;
}

export interface DispatchOptions {
  readonly sizer: Sizer;
  /** Sends entries as one request. Never rejects; resolves with what is to wait again, at the head. */
  send(entries: readonly Entry[]): Promise<readonly Entry[]>;
  /** Ends all that `send` has under way. */
  cutOff(): void;
}

export interface Dispatch {
  /** In the unit of the queue. */
  readonly size: number;
  readonly bytes: number;
  readonly isIdle: boolean;
  readonly entries: readonly Entry[];
  /** Requests that a consumer is at: none of those that are another queue's, or that did not wait. */
  readonly active: number;
  /** @param slots consumers that it takes */
  begin(entries: readonly Entry[], slots: 0 | 1): void;
  /** A request that another queue has begun. */
  takeOver(request: Request): void;
  cutOff(): void;
  /** They are another queue's from now on, or counted. */
  leave(): readonly Request[];
}

/** @param ended called with what is to wait again of a request */
export function createDispatch({ sizer, send, cutOff }: DispatchOptions, ended: (again: readonly Entry[]) => void): Dispatch {
  const requests = new Set<Request>();
  let size = 0;
  let bytes = 0;
  let active = 0;

  async function follow(request: Request, slots: 0 | 1): Promise<void> {
    const own = { size: sizeIn(sizer, request.entries), bytes: bytesIn(request.entries) };
    requests.add(request);
    active += slots;
    size += own.size;
    bytes += own.bytes;
    const again = await request.again;
    if (!requests.delete(request)) return;
    active -= slots;
    size -= own.size;
    bytes -= own.bytes;
    ended(again);
  }

  return Object.freeze({
    get size() {
      return size;
    },
    get bytes() {
      return bytes;
    },
    get isIdle() {
      return requests.size === 0;
    },
    get active() {
      return active;
    },
    get entries() {
      return [...requests].flatMap(({ entries }) => entries);
    },
    begin(entries: readonly Entry[], slots: 0 | 1) {
      void follow({ entries, again: send(entries), cutOff }, slots);
    },
    takeOver(request: Request) {
      void follow(request, 0);
    },
    cutOff() {
      for (const request of requests) request.cutOff();
    },
    leave() {
      const left = [...requests];
      requests.clear();
      size = 0;
      bytes = 0;
      return left;
    },
  });
}
