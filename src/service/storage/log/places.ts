/**
 * Where records stand among the others. A new one stands at its own number, and has all that is ahead of the next one. What
 * replaces it shares that, so that each has a place of its own, and stands there when it is replaced itself.
 */

export interface Stand {
  readonly place: number;
  /** What replaces it stands ahead of this. Undefined: of the next whole number. */
  readonly until?: number;
}

const untilOf = ({ place, until = Math.floor(place) + 1 }: Stand): number => until;

/** The places of so many records, one behind the other, that stand where the old ones stood. None: nothing stood anywhere. */
export function placesOf(old: readonly Stand[], count: number): readonly Stand[] {
  if (old.length === 0) return [];
  return Array.from({ length: count }, (_, at) => {
    const from = Math.floor((at * old.length) / count);
    const stand = old[from] as Stand;
    const first = Math.ceil((from * count) / old.length);
    const share = (untilOf(stand) - stand.place) / (Math.ceil(((from + 1) * count) / old.length) - first);
    const place = stand.place + (at - first) * share;
    return { place, until: place + share };
  });
}

/** @param records in their order */
export function boundedPlaces<T extends Stand>(records: readonly T[]): readonly T[] {
  return records.map((record, at) => {
    const next = records[at + 1]?.place ?? Number.POSITIVE_INFINITY;
    return next < untilOf(record) ? { ...record, until: next } : record;
  });
}
