/**
 * A limit on the bodies of all requests that are still arriving. When memory runs short, the request that has taken the longest
 * is cancelled: an honest sender is done within milliseconds, a slow one is not. A connection has a quarter of it: beyond that,
 * its own ones are cancelled.
 */

export interface Room {
  /** A request whose body does not arrive at once. `giveWay` is called at most once, and only before `keep` and `leave`. */
  enter(connection: object, giveWay: (why: WhyGone) => void): Reservation;
  /** Bytes that all requests hold. */
  readonly held: number;
}

/** Others need the memory, there are too many requests, or the service has no memory for it. */
export type WhyGone = 'crowded_out' | 'too_many' | 'no_memory';

export interface Reservation {
  /** The request holds this many bytes more. May call the `giveWay` of any request, this one's too. */
  hold(bytes: number): void;
  /** The body is whole, and is being read: it does not give way any more. */
  keep(): void;
  /** Gives back what the request holds. Safe to call twice. */
  leave(): void;
}

/** What a request takes that has not sent anything yet, in bytes. */
const requestBytes = 8_192;
/** Requests that arrive at a time; one more ends the one that has taken the longest. */
const mostArriving = 10_000;
/** The same while there is no memory. Beyond it each one ends two, so that many end over many turns. */
const mostWithoutMemory = 1_000;
/** The share of one connection. */
const share = 4;
/** Bodies up to this size are read where there is no memory, too: series that are there go on. */
const small = 65_536;

interface Holder extends Reservation {
  readonly connection: object;
  readonly giveWay: (why: WhyGone) => void;
}

/** @param memory bytes that the service may still use; called as bodies grow. Absent: no limit but its own */
export function createRoom(maxBytes: number, memory: () => number = () => Number.POSITIVE_INFINITY): Room {
  // In the order of arrival.
  const arriving = new Set<Holder>();
  const byConnection = new Map<object, number>();
  let total = 0;

  function add(connection: object, bytes: number): void {
    total += bytes;
    const held = (byConnection.get(connection) ?? 0) + bytes;
    if (held > 0) byConnection.set(connection, held);
    else byConnection.delete(connection);
  }
  function end(holder: Holder, why: WhyGone): void {
    holder.leave();
    holder.giveWay(why);
  }
  function oldest(connection?: object): Holder | undefined {
    for (const holder of arriving) if (connection === undefined || holder.connection === connection) return holder;
    return undefined;
  }

  function isCrowded(): boolean {
    return arriving.size >= mostArriving || (arriving.size >= mostWithoutMemory && memory() <= 0);
  }
  function endOldest(): void {
    const first = oldest();
    if (first !== undefined) end(first, 'too_many');
  }

  return Object.freeze<Room>({
    enter(connection, giveWay) {
      if (isCrowded()) endOldest();
      if (isCrowded()) endOldest();
      let held = 0;
      let isIn = true;
      const holder: Holder = Object.freeze<Holder>({
        connection,
        giveWay,
        hold(bytes) {
          if (!isIn) return;
          held += bytes;
          add(connection, bytes);
          if (held > small && memory() <= 0) return end(holder, 'no_memory');
          while ((byConnection.get(connection) ?? 0) > maxBytes / share) {
            const own = oldest(connection);
            // It alone is so large, which it may be.
            if (own === undefined || (own === holder && held === byConnection.get(connection))) break;
            end(own, 'crowded_out');
          }
          while (total > maxBytes) {
            const first = oldest();
            if (first === undefined) return;
            end(first, 'crowded_out');
          }
        },
        keep: () => void arriving.delete(holder),
        leave() {
          if (!isIn) return;
          isIn = false;
          arriving.delete(holder);
          add(connection, -held);
        },
      });
      arriving.add(holder);
      return holder;
    },
    get held() {
      return total + arriving.size * requestBytes;
    },
  });
}
