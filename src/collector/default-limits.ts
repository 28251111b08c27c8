import type { Limits } from './component.ts';

/** What the service holds its senders to, unless told otherwise. */
export const defaultLimits: Limits = Object.freeze({
  maxSeries: 1_000_000,
  maxSeriesPerResource: 200_000,
  maxFamilies: 20_000,
  maxAttributes: 128,
  maxValueBytes: 65_536,
});
