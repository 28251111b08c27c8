/** Which messages are shown, as the Collector's log library samples them. */

export interface SamplerOptions {
  /** Messages of one kind in a second that are all shown. */
  readonly initial: number;
  /** Behind those, one in so many is shown; 0: none. */
  readonly thereafter: number;
  /** Milliseconds. */
  readonly clock: () => number;
}

/** Receives a message in parts, and returns at its end whether it is shown. */
export interface Sampler {
  /** Everything is shown: no message needs to be given. */
  readonly showsAll: boolean;
  part(text: string): void;
  end(): boolean;
}

const tickMs = 1_000;
/** Messages are distinguished by their hash, so that memory is bounded: two with one hash count as equal. */
const kinds = 4_096;
const hashStart = 2_166_136_261;

export function createSampler({ initial, thereafter, clock }: SamplerOptions): Sampler {
  const counts = new Float64Array(kinds);
  const until = new Float64Array(kinds);
  let hash = hashStart;

  function counted(kind: number): number {
    const now = clock();
    if (now >= (until[kind] as number)) {
      until[kind] = now + tickMs;
      counts[kind] = 0;
    }
    counts[kind] = (counts[kind] as number) + 1;
    return counts[kind];
  }

  return Object.freeze({
    showsAll: thereafter === 1,
    part(text: string) {
      // FNV-1a, 32 bits.
      for (const byte of Buffer.from(text)) hash = Math.imul(hash ^ byte, 16_777_619);
    },
    end() {
      const nth = counted((hash >>> 0) % kinds);
      hash = hashStart;
      return nth <= initial || (thereafter !== 0 && (nth - initial) % thereafter === 0);
    },
  });
}
