/** The driver's half for instruments that no contract names. */
import type { Attributes, BatchObservableResult, Meter, MeterProvider, Observable, ObservableResult } from '@opentelemetry/api';
import { ValueType } from '@opentelemetry/api';
import { type Command, type Said, toAttributes, toValue, type UncontractedSpec } from './case.ts';
import { say } from './declared.ts';

export interface Uncontracted {
  /** Commands of others are ignored. */
  act(command: Command): void;
}

interface Instrument {
  readonly meter: Meter;
  readonly measure?: (value: number, attributes?: Attributes) => void;
  readonly observable?: Observable;
}
type Report = Extract<Command, { do: 'uncontracted-report' }>;

export function startUncontracted(meterProvider: MeterProvider, specs: readonly UncontractedSpec[]): Uncontracted {
  const instruments = new Map<number, Instrument>();
  const reports = new Map<number, Report>();
  const detachers = new Map<number, () => void>();

  /** Made at its first use, as a library would. */
  function instrument(at: number): Instrument {
    const made = instruments.get(at) ?? create(meterProvider, specs[at] as UncontractedSpec);
    instruments.set(at, made);
    return made;
  }

  function measure(at: number, value: unknown, attributes: unknown): void {
    try {
      instrument(at).measure?.(value as number, attributes as Attributes);
    } catch {
      // What the API's caller gets to feel of it is no reading; what is lost is seen.
    }
  }

  function report(command: Report): void {
    const { observable } = instrument(command.at);
    if (observable === undefined) return;
    reports.set(command.at, command);
    if (detachers.has(command.at)) return;
    const callback = (result: ObservableResult) => sayAll(command.at, (...said) => result.observe(...said));
    observable.addCallback(callback as never);
    detachers.set(command.at, () => observable.removeCallback(callback as never));
  }

  function batch(at: readonly number[]): void {
    const meter = instrument(at[0] as number).meter;
    const members = at.filter(
      (one) => instrument(one).meter === meter && instrument(one).observable !== undefined && !detachers.has(one),
    );
    if (members.length === 0) return;
    const observables = members.map((one) => instrument(one).observable as Observable);
    const callback = async (result: BatchObservableResult) => {
      const ends = members.map(async (one) => {
        await sayAll(one, (...said) => result.observe(instrument(one).observable as Observable, ...said));
      });
      await Promise.all(ends);
    };
    meter.addBatchObservableCallback(callback, observables);
    for (const one of members) detachers.set(one, () => meter.removeBatchObservableCallback(callback, observables));
  }

  function sayAll(at: number, observe: (value: number, attributes?: Attributes) => void): undefined | Promise<never> {
    const { says, ends } = reports.get(at) ?? { says: [] as Said[], ends: 'well' as const };
    return say({ says, ends }, observe as never);
  }

  return {
    act(command) {
      switch (command.do) {
        case 'uncontracted': {
          const attributes = toAttributes(command.attributes);
          measure(command.at, toValue(command.value), attributes);
          if (command.thenChanged && typeof attributes === 'object' && attributes !== null)
            Object.assign(attributes, { changed: true });
          return;
        }
        case 'flood':
          for (let one = command.from; one < command.to; one++) measure(command.at, 1, { one });
          return;
        case 'uncontracted-report':
          return report(command);
        case 'uncontracted-batch':
          return batch(command.at);
        case 'uncontracted-detach':
          detachers.get(command.at)?.();
          return void detachers.delete(command.at);
      }
    },
  };
}

function create(
  meterProvider: MeterProvider,
  { meter: meterName, name, create, unit, integer, bounds }: UncontractedSpec,
): Instrument {
  const meter = meterProvider.getMeter(meterName);
  const options = {
    unit,
    description: `Description of ${name}.`,
    ...(integer ? { valueType: ValueType.INT } : {}),
    ...(bounds === undefined ? {} : { advice: { explicitBucketBoundaries: [...bounds] } }),
  };
  const made = meter[create](name, options) as Partial<Observable> & Record<'add' | 'record', Instrument['measure']>;
  if (made.addCallback !== undefined) return { meter, observable: made as Observable };
  const measure = made.add ?? made.record;
  return { meter, measure: (value, attributes) => measure?.call(made, value, attributes) };
}
