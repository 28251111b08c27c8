/** The driver's half for metrics of the contract: through the recorder and through the OpenTelemetry API. */
import type { BatchObservableResult, Meter, Observable } from '@opentelemetry/api';
import type { Bridge } from '../../src/index.ts';
import type { AnyObservedRecorder } from '../../src/library/recording/index.ts';
import { contractName } from './build-contract.ts';
import { type Command, type ContractSpec, type Ends, type Said, toAttributes, toValue } from './case.ts';

export interface Declared {
  /** Commands of others are ignored. */
  act(command: Command): void;
}

/** The untyped recorder: the types of the typed one depend on a contract that is known when the test is compiled. */
type Method = (...given: unknown[]) => unknown;
type Recorder = Record<string, Method>;
type Report = { readonly says: readonly Said[]; readonly ends: Ends };

const nothing: Report = { says: [], ends: 'well' };
const methods = ['add', 'set', 'record'] as const;
const methodOf = {
  counter: 'add',
  updowncounter: 'add',
  gauge: 'set',
  info: 'set',
  histogram: 'record',
  summary: 'record',
} as const;
const creators = {
  counter: 'createCounter',
  updowncounter: 'createUpDownCounter',
  gauge: 'createGauge',
  info: 'createGauge',
  histogram: 'createHistogram',
  summary: 'createHistogram',
} as const;

export function startDeclared({ metrics, meterProvider, observe }: Bridge, { metrics: specs }: ContractSpec): Declared {
  const recorders = metrics as unknown as Record<string, Recorder>;
  const meter = meterProvider.getMeter(contractName);
  const reports = new Map<string, Report>();
  const detachers = new Map<string, () => void>();
  const bound: (Method | undefined)[] = [];

  const kindOf = (metric: string) => specs[metric]?.kind ?? 'gauge';
  const recorderOf = (metric: string): Recorder => recorders[metric] ?? {};
  const reportOf = (metric: string): Report => reports.get(metric) ?? nothing;

  function measure({ metric, by, value, attributes }: Extract<Command, { do: 'measure' }>): void {
    const kind = kindOf(metric);
    const own = methodOf[kind];
    if (by === 'api') {
      const instrument = meter[creators[kind]](`${contractName}.${metric}`) as unknown as Recorder;
      (instrument.add ?? instrument.record)?.(toValue(value), toAttributes(attributes));
    } else if (by === 'wrong') {
      for (const method of methods) if (method !== own) recorderOf(metric)[method]?.(toValue(value), toAttributes(attributes));
    } else if (by === 'inc' || by === 'dec') {
      const labels = toAttributes(attributes);
      recorderOf(metric)[by]?.(...(labels === undefined ? [toValue(value)] : [labels, toValue(value)]));
    } else if (kind === 'info') recorderOf(metric).set?.(toAttributes(attributes));
    else recorderOf(metric)[own]?.(toValue(value), toAttributes(attributes));
  }

  function attach(metric: string, by: 'recorder' | 'api'): void {
    if (detachers.has(metric)) return;
    if (by === 'api')
      detachers.set(
        metric,
        attachByApi(meter, kindOf(metric), metric, () => reportOf(metric)),
      );
    else {
      const detach = recorderOf(metric).observe?.((observation: { set: Method }) => say(reportOf(metric), observation.set));
      detachers.set(metric, detach as () => void);
    }
  }

  function attachTogether(names: readonly string[]): void {
    const detach = observe(
      names.map((name) => recorderOf(name) as unknown as AnyObservedRecorder),
      (observation) => {
        const ends = names.map(async (name) => {
          const set: Method = (...given) => (observation.set as Method)(recorderOf(name), ...given);
          await say(reportOf(name), set);
        });
        return Promise.all(ends).then(() => {});
      },
    );
    for (const name of names) detachers.set(name, detach);
  }

  return {
    act(command) {
      switch (command.do) {
        case 'measure':
          return measure(command);
        case 'bind': {
          const one = recorderOf(command.metric).bind?.(toAttributes(command.attributes)) as Recorder | undefined;
          bound[command.slot] = one?.[methodOf[kindOf(command.metric)]];
          return;
        }
        case 'bound':
          return void bound[command.slot]?.(toValue(command.value));
        case 'zero':
        case 'remove':
          return void recorderOf(command.metric)[command.do]?.(toAttributes(command.attributes));
        case 'report':
          reports.set(command.metric, command);
          return attach(command.metric, command.by);
        case 'together':
          return attachTogether(command.metrics);
        case 'detach':
          detachers.get(command.metric)?.();
          return void detachers.delete(command.metric);
      }
    },
  };
}

/** What a callback does with what it was told to say. */
export function say({ says, ends }: Report, set: Method): undefined | Promise<never> {
  for (const { value, attributes } of says) set(toValue(value), toAttributes(attributes));
  if (ends === 'throws') throw new Error('a callback threw');
  return ends === 'rejects' ? Promise.reject(new Error('a callback was rejected')) : undefined;
}

function attachByApi(
  meter: Meter,
  kind: ContractSpec['metrics'][string]['kind'],
  metric: string,
  report: () => Report,
): () => void {
  const name = `${contractName}.${metric}`;
  const observables: Observable[] = [];
  if (kind === 'counter') observables.push(meter.createObservableCounter(name));
  else if (kind === 'updowncounter') observables.push(meter.createObservableUpDownCounter(name));
  else observables.push(meter.createObservableGauge(name));
  const callback = (result: BatchObservableResult): undefined | Promise<never> =>
    say(report(), (value, attributes) => result.observe(observables[0] as Observable, value as number, attributes as never));
  meter.addBatchObservableCallback(callback as never, observables);
  return () => meter.removeBatchObservableCallback(callback as never, observables);
}
