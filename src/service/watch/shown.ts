/** What a component shows of itself to the page beside what every component has. */

import type { FamilyView, Row, View } from '../../core/store/index.ts';
import type { Handler } from '../../net/http/exchange.ts';
import type { SeriesState } from '../component.ts';

/** An exporter that keeps series. */
export interface ShownSeries {
  readonly view: View;
  /** Whose rows are. */
  readonly owners: { of(family: FamilyView, row: Row): number };
  /** Points that were rejected or are not exposed so far: `state().notTaken` as one number, at no cost. */
  readonly ignored: () => number;
  readonly state: () => SeriesState;
  /** Bytes that it holds. */
  readonly bytes: () => number;
  /** Series of a resource, by its `Resource` message; 0: it has none. */
  readonly seriesOf: (resource: Uint8Array) => number;
}

/** Given to exporters beside their context. */
export interface Showing {
  shows(series: ShownSeries): void;
  /** Notes who asks a handler. */
  watching(handler: Handler): Handler;
}
