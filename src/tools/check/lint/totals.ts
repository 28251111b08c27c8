/**
 * A number a series, kept by the series' fingerprint: what a page is compared with. Some 24 bytes a series, at most twice to four
 * times over.
 */

const smallest = 1 << 12;
const mostSteps = 256;

export interface SeriesNumbers {
  /** Undefined: the series is not in it. */
  get(first: number, second: number): number | undefined;
  /** Whether there was room for it. */
  set(first: number, second: number, value: number): boolean;
  readonly size: number;
}

export function createSeriesNumbers(most: number): SeriesNumbers {
  let places = smallest;
  let keys = new Int32Array(places * 2);
  let values = new Float64Array(places);
  let used = 0;

  /** Of the series, or a free one; -1: there is none near. */
  function place(first: number, second: number): number {
    let at = first & (places - 1);
    for (let step = 0; step < mostSteps; step++) {
      const isFree = keys[at * 2] === 0 && keys[at * 2 + 1] === 0;
      if (isFree || (keys[at * 2] === first && keys[at * 2 + 1] === second)) return at;
      at = (at + 1) & (places - 1);
    }
    return -1;
  }

  function grow(): void {
    const [oldKeys, oldValues] = [keys, values];
    places *= 2;
    keys = new Int32Array(places * 2);
    values = new Float64Array(places);
    for (let at = 0; at < oldValues.length; at++) {
      const first = oldKeys[at * 2] as number;
      const second = oldKeys[at * 2 + 1] as number;
      const free = first === 0 && second === 0 ? -1 : place(first, second);
      if (free < 0) continue;
      keys[free * 2] = first;
      keys[free * 2 + 1] = second;
      values[free] = oldValues[at] as number;
    }
  }

  const notZero = (first: number, second: number): number => (first === 0 && second === 0 ? 1 : second);

  return {
    get(first, second) {
      const kept = notZero(first, second);
      const at = place(first, kept);
      return at >= 0 && (keys[at * 2] !== 0 || keys[at * 2 + 1] !== 0) ? values[at] : undefined;
    },
    set(first, second, value) {
      const kept = notZero(first, second);
      if (used * 2 >= places && used < most) grow();
      const at = place(first, kept);
      if (at < 0) return false;
      if (keys[at * 2] === 0 && keys[at * 2 + 1] === 0) {
        if (used >= most) return false;
        keys[at * 2] = first;
        keys[at * 2 + 1] = kept;
        used++;
      }
      values[at] = value;
      return true;
    },
    get size() {
      return used;
    },
  };
}
