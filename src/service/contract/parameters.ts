/** Constant labels whose value the program decides: in a request, all series of a resource have one. */
import { sameBytes, viewOf } from '../../formats/otlp/wire/same-bytes.ts';

/** Of one name, the value that the series of a resource have. */
export interface OneValue {
  /** Whether it is the one in `view` from `from` to `to`. The first one is. */
  is(view: DataView, from: number, to: number): boolean;
  /** For messages. */
  text(): string;
}

export interface Parameters {
  /** A resource begins. */
  begin(): void;
  /** The same for the same name. */
  of(name: string): OneValue;
}

export function createParameters(): Parameters {
  const known = new Map<string, ReturnType<typeof createOneValue>>();
  return Object.freeze<Parameters>({
    begin() {
      for (const one of known.values()) one.forget();
    },
    of(name) {
      const one = known.get(name) ?? createOneValue();
      known.set(name, one);
      return one;
    },
  });
}

function createOneValue() {
  let first: DataView | undefined;
  return Object.freeze({
    forget() {
      first = undefined;
    },
    is(view: DataView, from: number, to: number): boolean {
      // A copy a resource: the memo's bytes change.
      first ??= viewOf(new Uint8Array(view.buffer.slice(view.byteOffset + from, view.byteOffset + to)));
      return first.byteLength === to - from && sameBytes(first, 0, view, from, to - from);
    },
    text: () => (first === undefined ? '' : Buffer.from(first.buffer).toString()),
  });
}
