/**
 * Things that wait, of each connection in turn: who has many does not keep others waiting. Where connections come from several
 * addresses, each address has its turn, and then each of its connections: who opens many connections does not either. Connections
 * of one address share nothing but the service: there, nobody has less.
 */
export interface InTurn<Thing> {
  add(connection: object, thing: Thing): void;
  /** Ahead of the connection's others. */
  addFirst(connection: object, thing: Thing): void;
  /**
   * The first thing of the connection whose turn it is, which then is the last one's. Those that `fits` rejects are passed over.
   */
  take(fits?: (thing: Thing) => boolean): { readonly connection: object; readonly thing: Thing } | undefined;
  /** How many things of a connection wait. */
  count(connection: object): number;
  /** They wait no longer. */
  drop(connection: object): void;
  readonly isEmpty: boolean;
}

/** In the order of their turns. */
type Waiting<Thing> = Map<object, Thing[]>;

export function createInTurn<Thing>(): InTurn<Thing> {
  const addresses = new Map<string, Waiting<Thing>>();
  const lists = new Map<object, Thing[]>();

  function of(connection: object): Thing[] {
    const known = lists.get(connection);
    if (known !== undefined) return known;
    const things: Thing[] = [];
    lists.set(connection, things);
    const address = addressOf(connection);
    const waiting = addresses.get(address) ?? new Map<object, Thing[]>();
    addresses.set(address, waiting.set(connection, things));
    return things;
  }
  /** Behind the others of its kind, if it is not empty. */
  function back<Key, Value>(all: Map<Key, Value>, key: Key, value: Value, isEmpty: boolean): void {
    all.delete(key);
    if (!isEmpty) all.set(key, value);
  }

  return Object.freeze<InTurn<Thing>>({
    add: (connection, thing) => void of(connection).push(thing),
    addFirst: (connection, thing) => void of(connection).unshift(thing),
    take(fits = () => true) {
      for (const [address, waiting] of addresses)
        for (const [connection, things] of waiting) {
          const [thing] = things as [Thing];
          if (!fits(thing)) continue;
          things.shift();
          if (things.length === 0) lists.delete(connection);
          back(waiting, connection, things, things.length === 0);
          back(addresses, address, waiting, waiting.size === 0);
          return { connection, thing };
        }
      return undefined;
    },
    count: (connection) => lists.get(connection)?.length ?? 0,
    drop(connection) {
      lists.delete(connection);
      for (const [address, waiting] of addresses) if (waiting.delete(connection) && waiting.size === 0) addresses.delete(address);
    },
    get isEmpty() {
      return lists.size === 0;
    },
  });
}

interface Addressed {
  readonly remoteAddress?: string | undefined;
  /** Of a session of HTTP/2. */
  readonly socket?: Addressed | undefined;
}

function addressOf({ remoteAddress, socket }: Addressed): string {
  return remoteAddress ?? socket?.remoteAddress ?? '';
}
