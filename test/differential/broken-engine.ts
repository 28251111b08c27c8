/** Engines with one fault each, to show that the differential test would find it. */
import type { MeterProvider } from '@opentelemetry/api';
import type { Metric } from '../../src/core/contract/index.ts';
import type { Engine, EngineChoice, Instrument } from '../../src/library/recording/engine.ts';
import { createStoreEngine } from '../../src/library/recording/index.ts';
import { judgedBound, judgedMeasure, type Write } from '../../src/library/recording/judged.ts';
import { createCellWriter } from '../../src/library/recording/store-engine/cell-writer.ts';

type Fault = (engine: Engine) => Engine;

/** All that is recorded is judged, and goes through `change` to its cells. */
function writing(change: (write: Write, metric: Metric) => Write): Fault {
  return (engine) => ({
    ...engine,
    attach: (_contract, recorded) =>
      recorded.map(({ metric, series, family, exemplars }): Instrument => {
        const cells = createCellWriter(family, metric.kind);
        const write = change(({ row }, value) => {
          cells(row, value);
          exemplars?.offer(row, value);
        }, metric);
        const measure = judgedMeasure(series, write);
        const bound = judgedBound(series, write);
        return { measure: (value, labels) => void measure(value, labels), bound: (labels) => bound(labels).measure };
      }),
  });
}

const faults: Readonly<Record<string, Fault>> = {
  'the second write to a series is lost': writing((write) => {
    const written = new Map<number, number>();
    return (series, value) => {
      const times = (written.get(series.row) ?? 0) + 1;
      written.set(series.row, times);
      if (times !== 2) write(series, value);
    };
  }),
  'negative up-down counts are lost': writing((write, metric) => (series, value) => {
    if (metric.kind !== 'updowncounter' || value >= 0) write(series, value);
  }),
  'a bound of a histogram is exclusive': writing((write, metric) => (series, value) => {
    write(
      series,
      metric.kind === 'histogram' && metric.bounds.includes(value)
        ? value + Number.EPSILON * Math.max(1, Math.abs(value))
        : value,
    );
  }),
  'a series that comes back is written to where it was': writing((write) => {
    const rows = new Map<string, number>();
    return (series, value) => {
      const key = JSON.stringify(series.values);
      const row = rows.get(key) ?? series.row;
      rows.set(key, row);
      write({ ...series, row }, value);
    };
  }),
  'instruments outside the contract take no second set of attributes': (engine) => ({
    ...engine,
    meterProvider: oneSetOnly(engine.meterProvider),
  }),
};

function oneSetOnly(provider: MeterProvider): MeterProvider {
  return {
    getMeter(...scope) {
      const meter = provider.getMeter(...scope);
      return {
        ...meter,
        createCounter(name, options) {
          const counter = meter.createCounter(name, options);
          let first: string | undefined;
          return {
            add(value, attributes) {
              const given = JSON.stringify(Object.keys(attributes ?? {}));
              first ??= given;
              if (given === first) counter.add(value, attributes);
            },
          };
        },
      };
    },
  };
}

export const brokenEngines: readonly EngineChoice[] = Object.entries(faults).map(([name, fault]) => ({
  name,
  create: (store, options) => fault(createStoreEngine(store, options)),
}));
