/**
 * A limit on the bodies of all requests that are still arriving. Where it runs short, the request that has taken the longest gives way: an
 * honest sender is done within milliseconds, a slow one is not.
 */

export interface Room {
  /** A request whose body does not arrive at once. `giveWay` is called at most once, and only before `leave`. */
  enter(giveWay: () => void): Place;
}

export interface Place {
  /** The request holds this many bytes more. May call any place's `giveWay`, this one's too. */
  hold(bytes: number): void;
  /** Gives back what the request holds. Safe to call twice. */
  leave(): void;
}

export function createRoom(maxBytes: number): Room {
  // In the order of arrival.
  const places = new Map<Place, () => void>();
  let total = 0;
  return Object.freeze({
    enter(giveWay: () => void) {
      let held = 0;
      const place: Place = Object.freeze({
        hold(bytes: number) {
          if (!places.has(place)) return;
          held += bytes;
          total += bytes;
          while (total > maxBytes) {
            const [first] = places;
            if (first === undefined) return;
            first[0].leave();
            first[1]();
          }
        },
        leave() {
          if (!places.delete(place)) return;
          total -= held;
        },
      });
      places.set(place, giveWay);
      return place;
    },
  });
}
