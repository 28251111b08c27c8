/**
 * The store as a `MetricProducer`: what pull shows, for any SDK reader. Cumulative; a removed row is absent from the next
 * collection. Sources with their own resource are left out, with a single log line: an SDK reader replaces every resource with
 * its provider's, however many producers it has.
 */
import type { HrTime } from '@opentelemetry/api';
import { within } from '../../../core/node/within.ts';
import { type Histograms, hasValue, isShown } from '../../../core/store/index.ts';
import type { Cursor, FamilyView, SourceSpec, View, Visitor } from '../../../core/store/store.ts';
import { createAttributeCache } from './attribute-cache.ts';
import type { CollectionResult, MetricData, MetricProducer, Resource, ScopeMetrics } from './metric-producer.ts';
import { createPoints, type Points } from './sdk-metric-data.ts';

export interface ProducerOptions {
  readonly view: View;
  /** Updates observed families before the walk; `timeoutMillis` is the reader's. */
  readonly refresh: (options: { readonly timeoutMillis?: number }) => Promise<void>;
  /** Milliseconds since the epoch. Default `Date.now`. */
  readonly clock?: () => number;
  /** The clock that ages are counted by, in milliseconds: the store's clock. Default `performance.now`. */
  readonly ageClock?: () => number;
  /** Which of a histogram that has bounds and exponential buckets. Default `exponential`. */
  readonly histograms?: Histograms | undefined;
  /** Called for each point that is left out, because its counts are not whole, or a counter is negative. */
  readonly onLeftOut?: ((family: FamilyView) => void) | undefined;
  /** Receives a log line when something is left out for the first time. */
  readonly log?: (line: string) => void;
}

/** Rows between two yields, so that a large store does not block the event loop. */
const sliceRows = 4096;

/**
 * Leaves out families older than their `maxAgeMs`, values that are not finite, kinds that OTLP cannot carry, and families without
 * points.
 * `errors` names a refresh that fails or takes longer than the reader's timeout; the store's contents are collected anyway.
 */
export function createProducer(options: ProducerOptions): MetricProducer {
  const { view, refresh, clock = Date.now, ageClock = () => performance.now() } = options;
  const { log = () => {}, onLeftOut, histograms = 'exponential' } = options;
  const cache = createAttributeCache();
  let isLogged = false;

  function isOwn({ spec, source }: FamilyView): boolean {
    if (source.resource === undefined) return true;
    if (!isLogged) {
      const fix = "push with push.exporter: 'meterbridge'";
      log(
        `${spec.name}: has a resource of its own, which no SDK reader can carry; it and all such series are left out there. Fix: ${fix}`,
      );
    }
    isLogged = true;
    return false;
  }

  return Object.freeze({
    async collect(collectOptions?: { timeoutMillis?: number }): Promise<CollectionResult> {
      const errors = await attempt(refresh, collectOptions?.timeoutMillis);
      const now = clock();
      const families = new Map<number, { source: SourceSpec; points: Points | undefined }>();
      const endTime = hrTime(now);
      let lastStart = now;
      let startTime = endTime;
      const visitor: Visitor = {
        family(family) {
          let entry = families.get(family.id);
          if (entry === undefined) {
            entry = {
              source: family.source,
              points: isOwn(family) && isShown(family, ageClock()) ? createPoints(family, histograms) : undefined,
            };
            families.set(family.id, entry);
          }
          return entry.points !== undefined;
        },
        row(family, row, generation, cellAt) {
          if (!hasValue(family.spec.kind, family.rowLayout, family.cells, cellAt, histograms)) {
            onLeftOut?.(family);
            return;
          }
          const start = Math.min(family.start(row), now);
          if (start !== lastStart) {
            lastStart = start;
            startTime = hrTime(start);
          }
          const attributes = cache.get(family, row, generation);
          families.get(family.id)?.points?.add(family.cells, cellAt, startTime, endTime, attributes);
        },
      };
      let cursor: Cursor | undefined = view.walk(visitor, undefined, sliceRows);
      while (cursor !== undefined) {
        await new Promise((resolve) => setImmediate(resolve));
        cursor = view.walk(visitor, cursor, sliceRows);
      }
      cache.keep(new Set(families.keys()));
      return { resourceMetrics: { resource: noResource, scopeMetrics: byScope(families.values()) }, errors };
    },
  });
}

/** Two sources with one scope (name, version, schema) share one scope in OTLP. */
function byScope(families: Iterable<{ source: SourceSpec; points: Points | undefined }>): ScopeMetrics[] {
  const scopes = new Map<string, { scope: SourceSpec['scope']; metrics: MetricData[] }>();
  for (const { source, points } of families) {
    if (points === undefined || points.data.dataPoints.length === 0) continue;
    const { name, version, schemaUrl } = source.scope;
    const key = JSON.stringify([name, version, schemaUrl]);
    const group = scopes.get(key) ?? { scope: source.scope, metrics: [] };
    scopes.set(key, group);
    group.metrics.push(points.data);
  }
  return [...scopes.values()];
}

async function attempt(refresh: ProducerOptions['refresh'], timeoutMillis: number | undefined): Promise<unknown[]> {
  try {
    await within(refresh(timeoutMillis === undefined ? {} : { timeoutMillis }), { ms: timeoutMillis, ref: false }, () => {
      throw new Error(`the sources did not respond within ${timeoutMillis} ms`);
    });
    return [];
  } catch (error) {
    return [error];
  }
}

/** In nanoseconds, to keep the fraction of a millisecond that a double holds. */
function hrTime(ms: number): HrTime {
  const seconds = Math.floor(ms / 1000);
  return [seconds, Math.trunc((ms - seconds * 1000) * 1e6)];
}

/** SDK readers replace it with their provider's. */
const noResource: Resource = Object.freeze({
  attributes: Object.freeze({}),
  merge: (other: Resource | null): Resource => other ?? noResource,
  getRawAttributes: () => [],
});

export const emptyCollection: CollectionResult = Object.freeze({
  resourceMetrics: Object.freeze({ resource: noResource, scopeMetrics: [] }),
  errors: [],
});
