/** A reader of a store that pushes deltas to a receiver which takes the first requests of a push, and no more. */
import { createStore, type Family, type FamilySpec } from '../../../src/core/store/index.ts';
import type { FamilyView } from '../../../src/core/store/store.ts';
import { createBaseline } from '../../../src/library/push/encode/baseline.ts';
import { createStoreEncoder } from '../../../src/library/push/encode/encode-store.ts';
import { createSentSeries } from '../../../src/library/push/encode/sent-series.ts';
import type { Temporality } from '../../../src/library/push/settings/temporality.ts';
import { takeRow } from '../../core/store/labels.ts';
import { decodeMetrics } from '../../formats/otlp/decode-metrics.ts';
import { specOf, startMs } from './sources.ts';

/** As OTLP in JSON has it. */
interface Point {
  readonly attributes: readonly { readonly value: { readonly stringValue: string } }[];
  readonly startTimeUnixNano: string;
  readonly timeUnixNano: string;
  readonly asDouble?: number;
  readonly bucketCounts?: readonly number[];
  readonly sum?: number;
  readonly flags?: number;
  readonly scale?: number;
  readonly positive?: { readonly offset: number; readonly bucketCounts?: readonly number[] };
}

export interface Told extends Point {
  readonly metric: string;
  readonly temporality: number | undefined;
}

/** @param points the most that a request holds */
export function deltaRig(preference: Temporality = 'delta', points = 5_000, onLeftOut?: (family: FamilyView) => void) {
  let now = startMs;
  const store = createStore({ clock: () => now });
  const source = store.source({ scope: { name: 'demo' } });
  const reader = { sent: createSentSeries(), baseline: createBaseline(preference) };
  const limits = { points, bytes: 1e6 };
  const resource = new Uint8Array(0);
  const encoder = createStoreEncoder({
    view: store.view,
    resource,
    encoding: 'protobuf',
    clock: () => now,
    ageClock: () => now,
    limits,
    onLeftOut,
    ...reader,
  });

  async function push(requests = Number.POSITIVE_INFINITY): Promise<Told[]> {
    now += 1_000;
    const taken: Told[] = [];
    let left = requests;
    for await (const request of encoder.push()) {
      if (left-- <= 0) return taken;
      reader.baseline.accepted(request.points);
      taken.push(...pointsOf(request.bytes));
    }
    reader.sent.delivered();
    return taken;
  }

  return {
    source,
    push,
    family: (name: string, over: Partial<FamilySpec> = {}, live = true) =>
      source.family(specOf(name, { kind: 'counter', ...over }), live),
    row: (family: Family, n: string) => takeRow(family, { n }, now),
    now: () => now,
  };
}

function pointsOf(bytes: Uint8Array): Told[] {
  const told: Told[] = [];
  // biome-ignore lint/suspicious/noExplicitAny: OTLP as JSON
  for (const { scopeMetrics } of (decodeMetrics('application/x-protobuf', Buffer.from(bytes)) as any).resourceMetrics) {
    for (const { metrics } of scopeMetrics) {
      for (const { name, sum, gauge, histogram, exponentialHistogram, summary } of metrics) {
        const { dataPoints, aggregationTemporality } = sum ?? gauge ?? histogram ?? exponentialHistogram ?? summary;
        for (const point of dataPoints as Point[]) told.push({ ...point, metric: name, temporality: aggregationTemporality });
      }
    }
  }
  return told;
}
