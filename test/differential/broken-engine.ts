/** Engines with one fault each, to show that the differential test would find it. */
import type { MeterProvider } from '@opentelemetry/api';
import type { Attached, Engine, EngineChoice, Instrument } from '../../src/recording/engine.ts';
import { createStoreEngine } from '../../src/recording/index.ts';

type Fault = (engine: Engine) => Engine;

/** All that is recorded goes through `change`; the way around *admit* is closed, so that nothing passes it by. */
function writing(change: (instrument: Instrument, attached: Attached) => Instrument['write']): Fault {
  return (engine) => ({
    ...engine,
    attach(contract, recorded) {
      const instruments = engine.attach(contract, recorded);
      return instruments.map((instrument, at) => {
        const write = change(instrument, recorded[at] as Attached);
        const { direct } = instrument;
        if (direct === undefined) return { write };
        return { write, direct: { ...direct, measure: (slow) => slow, bound: (slow) => (value) => void slow(value) } };
      });
    },
  });
}

const faults: Readonly<Record<string, Fault>> = {
  'the second write to a series is lost': writing(({ write }) => {
    const written = new Map<object, number>();
    return (series, value) => {
      const times = (written.get(series) ?? 0) + 1;
      written.set(series, times);
      if (times !== 2) write(series, value);
    };
  }),
  'negative up-down counts are lost': writing(({ write }, { metric }) => (series, value) => {
    if (metric.kind !== 'updowncounter' || value >= 0) write(series, value);
  }),
  'a bound of a histogram is exclusive': writing(({ write }, { metric }) => (series, value) => {
    write(
      series,
      metric.kind === 'histogram' && metric.bounds.includes(value) ? value + Number.EPSILON * Math.max(1, Math.abs(value)) : value,
    );
  }),
  'a series that comes back is written to where it was': writing(({ write }) => {
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
