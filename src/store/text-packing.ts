/**
 * A row's attributes without what all rows of its family share: where they are the family's labels and nothing but texts, the texts alone are
 * kept, in half the bytes, each behind its length. Whoever writes them as text copies them: what would be escaped there is not packed.
 */

/** Of a varint of one byte. Longer pairs are kept as they are. */
const mostPairBytes = 127;
/** Bytes of a pair ahead of what its length counts, and of its value likewise. */
const pairHead = 2;
/** Places of lengths in a head, from its end. */
const valueLength = -3;
const textLength = -1;
/** Line feed, quote, backslash. */
const escaped: readonly number[] = [0x0a, 0x22, 0x5c];

const encoder = new TextEncoder();

interface Label {
  /** What is ahead of the text in canonical attribute bytes; lengths that depend on it are 0. */
  readonly head: Uint8Array;
  /** Its place among the family's labels. */
  readonly place: number;
}

export class TextPacking {
  /** In the order of canonical bytes. */
  private readonly labels: readonly Label[];

  /** `labels` in the order in which texts are packed. */
  constructor(labels: readonly string[]) {
    this.labels = labels.toSorted().map((name) => ({ head: headOf(name), place: labels.indexOf(name) }));
  }

  /** Undefined: other attributes than the labels, or less, one that is no text, a long one, or one that would be escaped. */
  pack(identity: Uint8Array): Uint8Array | undefined {
    const texts: Uint8Array[] = [];
    let at = 0;
    for (const { head, place } of this.labels) {
      const from = at + head.length;
      const end = from + (identity[from - 1] ?? 0);
      if (end > identity.length || end - at - pairHead > mostPairBytes) return undefined;
      for (const [index, byte] of head.entries()) if (byte !== 0 && byte !== identity[at + index]) return undefined;
      for (let index = from; index < end; index++) if (escaped.includes(identity[index] as number)) return undefined;
      texts[place] = identity.subarray(from - 1, end);
      at = end;
    }
    return at === identity.length ? joined(texts) : undefined;
  }

  /** Bytes of what was packed at `at`. */
  lengthAt(packed: Uint8Array, at: number): number {
    let end = at;
    for (let place = 0; place < this.labels.length; place++) end += 1 + (packed[end] ?? 0);
    return end - at;
  }

  /** The canonical bytes of what was packed at `at`. Bytes that another thread writes at this moment give others, never an error. */
  unpack(packed: Uint8Array, at: number): Uint8Array {
    const texts: Uint8Array[] = [];
    for (let place = 0, from = at; place < this.labels.length; place++) {
      const end = from + 1 + (packed[from] ?? 0);
      texts.push(packed.subarray(from + 1, end));
      from = end;
    }
    return joined(
      this.labels.flatMap(({ head, place }) => {
        const text = texts[place] as Uint8Array;
        const whole = head.slice();
        whole[1] = head.length - pairHead + text.length;
        whole[head.length + valueLength] = text.length + pairHead;
        whole[head.length + textLength] = text.length;
        return [whole, text];
      }),
    );
  }
}

/** The pair, its key, and the value with a text in it, as OTLP numbers them (`src/otlp/attributes.ts`). */
function headOf(name: string): Uint8Array {
  const text = encoder.encode(name);
  return Uint8Array.from([0x3a, 0, 0x0a, text.length, ...text, 0x12, 0, 0x0a, 0]);
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
