/** Things that wait, of each connection in turn: who has many does not keep others waiting. */
export interface InTurn<Thing> {
  add(connection: object, thing: Thing): void;
  /** Ahead of the connection's others. */
  addFirst(connection: object, thing: Thing): void;
  /** The first thing of the connection whose turn it is, which then is the last one's. Those that `fits` rejects are passed over. */
  take(fits?: (thing: Thing) => boolean): { readonly connection: object; readonly thing: Thing } | undefined;
  readonly isEmpty: boolean;
}

export function createInTurn<Thing>(): InTurn<Thing> {
  // In the order of their turns.
  const waiting = new Map<object, Thing[]>();
  function of(connection: object): Thing[] {
    const things = waiting.get(connection) ?? [];
    waiting.set(connection, things);
    return things;
  }
  return Object.freeze<InTurn<Thing>>({
    add: (connection, thing) => void of(connection).push(thing),
    addFirst: (connection, thing) => void of(connection).unshift(thing),
    take(fits = () => true) {
      for (const [connection, things] of waiting) {
        const [thing] = things as [Thing];
        if (!fits(thing)) continue;
        things.shift();
        waiting.delete(connection);
        if (things.length > 0) waiting.set(connection, things);
        return { connection, thing };
      }
      return undefined;
    },
    get isEmpty() {
      return waiting.size === 0;
    },
  });
}
