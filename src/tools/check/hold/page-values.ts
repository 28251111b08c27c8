import type { Kind } from '../../../core/naming/index.ts';
import type { FamilyInfo, ParsedSample } from '../../../formats/exposition/index.ts';
import { detached } from '../../../formats/exposition/parse/detached.ts';
import { seriesKey } from '../series-key.ts';
import { isAddedLabel } from './known.ts';

/** More are not kept. */
const mostValues = 1_000_000;

/** Kinds whose `_created` is no value but their start. */
const starting: ReadonlySet<Kind> = new Set<Kind>(['counter', 'histogram', 'summary']);

export interface PageValues {
  /** By `seriesKey`, without what a Collector adds and without start times. */
  readonly values: ReadonlyMap<string, number>;
  /** Samples beyond the first million, which are not among the values. */
  readonly refused: number;
  sample(sample: ParsedSample, family: FamilyInfo): void;
}

/**
 * Keeps each sample of a page as it is read, to compare it with what was pushed. Native histograms have no sample a value, so
 * read text or OpenMetrics.
 */
export function createPageValues(): PageValues {
  const values = new Map<string, number>();
  let refused = 0;
  return {
    values,
    get refused() {
      return refused;
    },
    sample({ name, labels, value, histogram }, { kind }) {
      if (histogram !== undefined) return;
      if (kind !== undefined && starting.has(kind) && name.endsWith('_created')) return;
      if (values.size >= mostValues) {
        refused++;
        return;
      }
      values.set(
        detached(
          seriesKey(
            name,
            labels.filter(([label]) => !isAddedLabel(label)),
          ),
        ),
        value,
      );
    },
  };
}
