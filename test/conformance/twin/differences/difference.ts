import type { Traffic } from '../traffic/index.ts';
import type { ExporterName, Format } from '../twin.ts';

/** Lines that only one of the two shows, without the names' prefix; `me` is the instance. */
export interface Outcome {
  readonly collector: readonly string[];
  readonly service: readonly string[];
}

export interface Difference {
  /** A heading of docs/collector-differences.md; differences may share one. */
  readonly heading: string;
  /** A sentence, or a part of one, that stands in that section; or `ours`, where no norm decides. */
  readonly norm: string;
  readonly page: `${ExporterName} ${Format}`;
  readonly traffic: Traffic;
  /** More than one where the Collector leaves it to chance. */
  readonly outcomes: readonly Outcome[];
  /** What the service has logged, where that is the difference. */
  readonly says?: RegExp;
}
