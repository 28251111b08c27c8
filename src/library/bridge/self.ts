/** Connects the tally and the store to the contract of the self-metrics. */
import { defaultStrategy, seriesNames } from '../../core/naming/index.ts';
import { selfContract } from '../../core/self/contract.ts';
import type { SelfTally } from '../../core/self/tally.ts';
import type { View } from '../../core/store/store.ts';
import { type GroupObservation, observeTogether, type RecorderFor } from '../recording/index.ts';
import { eachFamily } from './each-family.ts';
import type { Recorders } from './parts.ts';

type SelfRecorder = RecorderFor<typeof selfContract>;

/** Exposes the self-metrics with the bridge's own metrics. */
export function observeSelf({ contracts, collecting, events, store, stopwatch }: Recorders): void {
  const metrics = contracts.register(selfContract).recorder as unknown as SelfRecorder;
  observeTogether(
    Object.values(metrics),
    collecting.addLast,
    selfCallback(metrics, events.tally, store.view, stopwatch) as never,
  );
}

/** The callback of all self-metrics. Runs after all others, so that it includes this collection. */
function selfCallback(metrics: SelfRecorder, tally: SelfTally, view: View, clock: () => number): (o: GroupObservation) => void {
  return (o) => {
    for (const [outcome, value] of tally.scrapes) o.set(metrics.scrapes, value, { outcome: outcome as never });
    for (const [reason, value] of tally.requestsRefused) o.set(metrics.requestsRefused, value, { reason: reason as never });
    for (const [outcome, value] of tally.collections) o.set(metrics.collections, value, { outcome: outcome as never });
    for (const [outcome, value] of tally.pushes) o.set(metrics.pushes, value, { outcome: outcome as never });
    for (const [metric, reasons] of tally.refused)
      for (const [reason, value] of reasons) o.set(metrics.measurementsRefused, value, { metric, reason: reason as never });
    for (const [reason, value] of Object.entries(tally.folded))
      o.set(metrics.measurementsFolded, value, { reason: reason as never });
    for (const [reason, value] of tally.omitted) o.set(metrics.familiesOmitted, value, { reason: reason as never });
    o.set(metrics.attributesDropped, tally.attributesDropped);
    o.set(metrics.labelsShortened, tally.labelsShortened);
    o.set(metrics.attributeSetsMerged, tally.attributeSetsMerged);
    o.set(metrics.attributeNamesMerged, tally.attributeNamesMerged);
    o.set(metrics.scrapeDuration, tally.scrapeDuration);
    o.set(metrics.collectionDuration, tally.collectionDuration);
    o.set(metrics.pushDuration, tally.pushDuration);
    o.set(metrics.processesLate, tally.processesLate);
    o.set(metrics.processesOverLimit, tally.processesExcess);
    o.set(metrics.processesUnreadable, tally.processesUnreadable);
    let size = 0;
    eachFamily(view, (family) => {
      size += family.size;
      const observed = Number.isFinite(family.goodAt) && family.source.scope.name !== selfContract.name;
      if (observed)
        o.set(metrics.collectionAge, (clock() - family.goodAt) / 1_000, {
          family: seriesNames(family.spec, defaultStrategy, '').series,
        });
    });
    o.set(metrics.series, size);
  };
}
