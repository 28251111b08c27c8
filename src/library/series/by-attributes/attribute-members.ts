/**
 * The series of an uncontracted instrument: any attributes in whatever order, up to the specification's cardinality limit. Sets
 * that Prometheus cannot tell apart are one series (`spellings.ts`), and each counts towards the limit. The excess adds up under
 * `otel.metric.overflow`.
 */
import type { Attributes } from '@opentelemetry/api';
import type { Metric } from '../../../core/contract/metric.ts';
import { latin1 } from '../../../core/node/latin1.ts';
import { encodeAttributes } from '../../../formats/otlp/value/attributes.ts';
import { labelsIn } from '../label-rules/read-labels.ts';
import type { AdmitEvent, OnAdmit } from '../refusals.ts';
import { type Series, seriesKey } from '../series.ts';
import type { Entered } from '../series-table.ts';
import { attributeSum } from './attribute-sum.ts';
import { type OnShortened, recordable } from './recordable-attributes.ts';
import { createSpellings, type TwoSpellings } from './spellings.ts';

/**
 * The most attribute sets of an instrument besides the overflow: the specification's default (Metrics SDK, "Configuration": "the
 * default value SHOULD be 2000"). Up to that many distinct sets, nothing may overflow.
 */
const CARDINALITY_LIMIT = 2_000;

const overflowIdentity = encodeAttributes(Object.freeze({ 'otel.metric.overflow': true }));
const overflowKey = latin1(overflowIdentity);

export interface AttributeMembers {
  /** Undefined if the attributes cannot be read. */
  enter(attributes: unknown, remark: OnAdmit): Entered | undefined;
  find(attributes: unknown): Series | undefined;
  all(): Iterable<Series>;
  release(series: Series): void;
}

export interface AttributeMembersOptions {
  /** The most attribute sets besides the overflow. Undefined: `CARDINALITY_LIMIT`. */
  readonly limit?: number | undefined;
  /** Logs a misuse of the instrument, once. */
  readonly warnOnce: (what: string) => void;
  readonly onAlias: (spellings: TwoSpellings) => void;
}

export function createAttributeMembers(
  metric: Metric,
  { limit = CARDINALITY_LIMIT, warnOnce, onAlias }: AttributeMembersOptions,
): AttributeMembers {
  const spellings = createSpellings<Series>(onAlias);
  const overflowed: AdmitEvent = Object.freeze({ outcome: 'folded', metric, reason: 'overflow' });
  const excess = `more than ${limit} sets of attributes, the rest adds up under otel.metric.overflow. Fix: use fewer attributes, or declare it in a contract`;
  /** Observed instruments have none: their series come and go. */
  const sums = metric.observed ? undefined : new Set<number>();
  let overflowing: Entered | undefined;
  let shortening: AdmitEvent | undefined;
  const noteShortened = (label: string): void => {
    shortening ??= { outcome: 'shortened', label };
  };

  function enterNew(key: string, identity: Uint8Array): Series {
    return spellings.enter(key, identity, () => ({ values: [], identity, held: false, live: true, row: 0 }));
  }

  function isFull(): boolean {
    return spellings.size - (spellings.has(overflowKey) ? 1 : 0) >= limit;
  }

  function overflow(remark: OnAdmit): Entered {
    warnOnce(excess);
    remark(overflowed);
    overflowing ??= Object.freeze({
      series: spellings.find(overflowIdentity) ?? enterNew(overflowKey, overflowIdentity),
      merged: true,
    });
    return overflowing;
  }

  return Object.freeze<AttributeMembers>({
    enter(attributes, remark) {
      if (isFull() && isSurelyNew(sums, attributes)) return overflow(remark);
      shortening = undefined;
      const identity = identityOf(attributes, noteShortened);
      if (identity === undefined) return undefined;
      const key = latin1(identity);
      const known = spellings.first(key);
      const aliased = known ?? spellings.aliased(key);
      if (aliased === undefined && key !== overflowKey && isFull()) return overflow(remark);
      if (shortening !== undefined) remark(shortening);
      if (known !== undefined) return { series: known, merged: false };
      if (aliased !== undefined) return { series: aliased, merged: true, isAlias: true };
      sums?.add(sumOf(labelsIn(attributes)) ?? 0);
      const series = enterNew(key, identity);
      return series.identity === identity ? { series, merged: false } : { series, merged: true, isAlias: true };
    },
    find(attributes) {
      const identity = identityOf(attributes, () => {});
      return identity === undefined ? undefined : spellings.find(identity);
    },
    all: spellings.all,
    release(series) {
      if (!series.live) return;
      series.live = false;
      if (series === overflowing?.series) overflowing = undefined;
      spellings.remove(seriesKey(series));
    },
  });
}

/** `sums`: those of all known sets. Beyond the limit, they reveal most new sets without encoding them. */
function isSurelyNew(sums: ReadonlySet<number> | undefined, attributes: unknown): boolean {
  if (sums === undefined) return false;
  const sum = sumOf(attributes);
  return sum !== undefined && !sums.has(sum);
}

function sumOf(attributes: unknown): number | undefined {
  try {
    return attributeSum(attributes);
  } catch {
    return undefined;
  }
}

function identityOf(given: unknown, onShortened: OnShortened): Uint8Array | undefined {
  try {
    const attributes = typeof given === 'object' && given !== null ? (given as Attributes) : {};
    return encodeAttributes(recordable(attributes, onShortened));
  } catch {
    return undefined;
  }
}
