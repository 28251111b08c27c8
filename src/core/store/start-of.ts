/**
 * Since when a row has added up what it shows, for readers that take its value at that time for 0: Prometheus' created timestamp.
 * The same for every reader of a store, in its thread and in others, and over all processes.
 */
import type { FamilyView, Row } from './store.ts';

/**
 * Kinds that have a created timestamp (OpenMetrics 1.0, "Counter", "Histogram", "Summary"). A gauge histogram and what is exposed
 * as a gauge have none.
 */
const counting: readonly string[] = ['counter', 'histogram', 'summary'];

/**
 * Milliseconds since the epoch; 0: none. There is none where the value was not 0 then, because Prometheus would count the whole
 * total again: with
 * `unknownStart`, behind a total that fell, for a sender's start of 0 or of the point's own time. A recorded series begins when
 * it gets its row, not with its process.
 *
 * Allocates nothing. From another thread it is the row's only while the row is in the generation that the visitor got
 * (`FamilyView.holds`).
 */
export function startOf(family: FamilyView, row: Row): number {
  const { kind, unknownStart } = family.spec;
  return unknownStart === true || !counting.includes(kind) ? 0 : family.zeroAt(row);
}
