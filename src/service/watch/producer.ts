/** A resource that sends. What is counted of it is a few additions a batch. */
import { hash } from 'node:crypto';
import { viewOf } from '../../formats/otlp/wire/same-bytes.ts';
import type { Meter } from '../../status/flow/meter.ts';
import { targetOf } from '../received/names/target.ts';

export interface Producer {
  readonly key: string;
  /** The `Resource` message; undefined: it is too long to be kept. */
  readonly bytes: Uint8Array | undefined;
  readonly view: DataView;
  readonly job: string;
  readonly instance: string;
  readonly sdk: string | undefined;
  readonly sdkVersion: string | undefined;
  readonly language: string | undefined;
  /** Keys of nodes. */
  readonly receivers: Set<string>;
  readonly firstSeen: number;
  lastSeen: number;
  /** The mean time between requests, in milliseconds; 0: not known. */
  gap: number;
  points: number;
  refused: number;
  lastRefusal: { readonly at: number; readonly why: string } | undefined;
  /** Of its newest point, in milliseconds; undefined: its points have no time. */
  skew: number | undefined;
  /** Points of this second whose times were looked at. */
  looked: number;
  /** It has not been forgotten. */
  known: boolean;
  /** Who came behind it the last time. */
  next: Producer | undefined;
  readonly meter: Meter;
}

/** Of a message that is kept; a longer one is known by its hash. */
const longestKept = 2_048;
/** Of a text that is shown, in characters. */
const longestText = 200;

export function keyOf(bytes: Uint8Array, from: number, to: number): string {
  const part = bytes.subarray(from, to);
  return to - from > longestKept ? hash('sha1', part, 'hex') : Buffer.from(part).toString('latin1');
}

/** @param meterOf makes its meter */
export function createProducer(key: string, message: Uint8Array, now: number, meterOf: (read: () => number) => Meter): Producer {
  const target = targetOf(message);
  const texts = new Map(target.attributes);
  const text = (name: string) => shortened(texts.get(name));
  const bytes = message.length > longestKept ? undefined : message.slice();
  const counts = {
    points: 0,
    known: true,
    refused: 0,
    gap: 0,
    skew: undefined,
    looked: 0,
    next: undefined,
    lastRefusal: undefined,
  };
  return Object.assign(counts, {
    key,
    bytes,
    view: viewOf(bytes ?? new Uint8Array()),
    job: shortened(target.job) ?? '',
    instance: shortened(target.instance) ?? '',
    sdk: text('telemetry.sdk.name'),
    sdkVersion: text('telemetry.sdk.version'),
    language: text('telemetry.sdk.language'),
    receivers: new Set<string>(),
    firstSeen: now,
    lastSeen: now,
    meter: meterOf(() => counts.points),
  });
}

/** A copy, so that nothing of a whole request is kept with it. */
function shortened(value: string | undefined): string | undefined {
  return value === undefined ? undefined : Buffer.from(value.slice(0, longestText)).toString();
}
