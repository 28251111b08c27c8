/**
 * The store engine: each call writes its measurement straight to the store's cells. A collection runs only the callbacks of
 * observable instruments that no contract names; the bridge runs those of contracts.
 */
import type { MeterProvider } from '@opentelemetry/api';
import type { Store } from '../../../core/store/store.ts';
import type { Engine, EngineOptions, Recordable } from '../engine.ts';
import { addTo, createGroupCount } from '../observed/groups.ts';
import { type CollectEvent, type ObserveGroup, runGroup } from '../observed/observe-group.ts';
import { api, tellIn, warn } from '../otel-api/api.ts';
import { createApiCallbacks } from '../otel-api/callbacks.ts';
import { createObservables } from '../otel-api/observables.ts';
import { scopeOf } from '../otel-api/scope-of.ts';
import { createViews } from '../views/streams.ts';
import { createContracted } from './contracted.ts';
import { createUncontractedMeter, type UncontractedMeter } from './uncontracted/meter.ts';

/** @param count goes up by each group of callbacks that `collect` runs */
export function createStoreEngine(
  store: Store,
  { clock, onAdmit, exemplars, views: given = [], log = () => {} }: EngineOptions,
  count = createGroupCount(),
): Engine {
  const groups = new Set<ObserveGroup>();
  /** The errors of runs that no collection waited for any more; the next one reports them. */
  const unsaid: unknown[] = [];
  let closed = false;
  const tell = tellIn(log);
  const views = given.length === 0 ? undefined : createViews(given, tell);
  const observables = createObservables(createApiCallbacks(addTo(groups, count)), () => closed);
  const meters = new Map<string, UncontractedMeter>();

  const meterProvider: MeterProvider = Object.freeze({
    getMeter(name: string, version?: string, options?: { schemaUrl?: string }) {
      if (closed) {
        warn('A shutdown MeterProvider cannot provide a Meter');
        return api().createNoopMeter();
      }
      const { schemaUrl } = options ?? {};
      if (typeof name !== 'string' || name === '') {
        warn(
          `A meter was requested with the name ${JSON.stringify(name)}. It works. Fix: give the name of the library that measures.`,
        );
      }
      const scope = scopeOf({ name: name ?? '', version, schemaUrl });
      const key = JSON.stringify([scope.name, scope.version, scope.schemaUrl]);
      let own = meters.get(key);
      if (own === undefined) {
        own = createUncontractedMeter({ source: store.source({ scope }), observables, views, clock, onAdmit, exemplars, tell });
        meters.set(key, own);
      }
      return own.meter;
    },
  });

  return Object.freeze<Engine>({
    meterProvider,
    attach: (_contract, recorded: readonly Recordable[]) => recorded.map(createContracted),
    collect(budgetMs, timeoutMs = budgetMs) {
      if (closed || groups.size === 0) return [];
      const errors = unsaid.splice(0);
      const onCollect = ({ outcome, families, error, missed }: CollectEvent): void => {
        if (outcome === 'failed') (missed ? unsaid : errors).push(error);
        if (outcome === 'late')
          errors.push(new Error(`${families.join(', ')}: a callback did not end within ${Math.min(budgetMs, timeoutMs)} ms`));
      };
      const run = { timeoutMs, budgetMs, clock, stopwatch: clock, onCollect };
      const waiting = [...groups].flatMap((group) => runGroup(group, run) ?? []);
      return waiting.length === 0 ? errors : Promise.all(waiting).then(() => errors);
    },
    async close() {
      closed = true;
      for (const own of meters.values()) own.close();
    },
  });
}
