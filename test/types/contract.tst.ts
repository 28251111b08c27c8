import { describe, expect, test } from 'tstyche';
import {
  type CappedLabel,
  type ClosedLabel,
  type Contract,
  capped,
  contract,
  counter,
  gauge,
  histogram,
  type IdentityLabel,
  identity,
  info,
  type LabelValues,
  type Metric,
  type NoLabels,
  oneOf,
  upDownCounter,
} from '../../src/core/contract/index.ts';

const runwisp = contract('runwisp', {
  runs: counter({ unit: '{run}', help: 'Finished runs.', labels: { status: oneOf('success', 'failed') } }),
});

const all = contract('app', {
  jobs: counter({ help: 'Jobs.', labels: { status: oneOf('ok', 'bad'), provider: capped({ limit: 24 }), task: identity() } }),
  memory: gauge({ observed: true, unit: 'By', help: 'Memory.' }),
  wait: histogram({ unit: 's', help: 'Wait.' }),
  flight: upDownCounter({ observed: false, help: 'In flight.' }),
});

describe('contract', () => {
  test('carries kind, labels and observed-or-recorded', () => {
    expect(runwisp).type.toBe<Contract<{ runs: Metric<'counter', { status: ClosedLabel<'success' | 'failed'> }, false> }>>();
  });

  test('a metric without labels has none', () => {
    expect(all.metrics.wait).type.toBe<Metric<'histogram', NoLabels, false>>();
  });

  test('observed is a literal', () => {
    expect(all.metrics.memory).type.toBe<Metric<'gauge', NoLabels, true>>();
    expect(all.metrics.flight).type.toBe<Metric<'updowncounter', NoLabels, false>>();
  });

  test('labels of every kind are kept apart', () => {
    expect(all.metrics.jobs.labels).type.toBe<{
      status: ClosedLabel<'ok' | 'bad'>;
      provider: CappedLabel;
      task: IdentityLabel;
    }>();
  });

  test('any contract is a Contract', () => {
    expect(all).type.toBeAssignableTo<Contract>();
  });

  test('a metric that is not declared is not there', () => {
    expect(all.metrics).type.not.toHaveProperty('job');
  });

  test('fold gives a value of the set', () => {
    expect(oneOf('a', 'other').fold('x')).type.toBe<'a' | 'other'>();
  });
});

type Values = LabelValues<(typeof all)['metrics']['jobs']['labels']>;

describe('label values', () => {
  test('numbers and booleans, where the set says so', () => {
    const said = contract('t', {
      replies: counter({
        help: 'h',
        labels: { code: oneOf(200, 404), cached: oneOf(true, false), status: capped<number>(), id: identity<number>() },
      }),
    });
    type Said = LabelValues<(typeof said)['metrics']['replies']['labels']>;
    expect<Said['code']>().type.toBe<200 | 404 | '200' | '404'>();
    expect<Said['cached']>().type.toBe<boolean | 'true' | 'false'>();
    expect<Said['status']>().type.toBe<number | `${number}`>();
    expect<Said['id']>().type.not.toBeAssignableFrom<boolean>();
  });

  test('every label, values of the closed set only', () => {
    expect<Values>().type.toBe<{ readonly status: 'ok' | 'bad'; readonly provider: string; readonly task: string }>();
    expect<Values>().type.toBeAssignableFrom({ status: 'ok' as const, provider: 'p', task: 't' });
  });

  test('a wrong label name does not compile', () => {
    expect<Values>().type.not.toBeAssignableFrom({ state: 'ok' as const, provider: 'p', task: 't' });
  });

  test('a missing label does not compile', () => {
    expect<Values>().type.not.toBeAssignableFrom({ status: 'ok' as const, provider: 'p' });
  });

  test('a value outside the closed set does not compile', () => {
    expect<Values>().type.not.toBeAssignableFrom({ status: 'okay' as const, provider: 'p', task: 't' });
  });
});

describe('declarations', () => {
  test('help is required', () => {
    expect(counter).type.not.toBeCallableWith({ unit: 's' });
  });

  test('an unknown key does not compile', () => {
    expect(counter).type.not.toBeCallableWith({ help: 'Jobs.', units: 's' });
    expect(gauge).type.not.toBeCallableWith({ help: 'Depth.', exemplars: true });
    expect(counter).type.toBeCallableWith({ help: 'Jobs.', exemplars: true });
    expect(gauge).type.not.toBeCallableWith({ help: 'Depth.', observed: true, unknownStart: true });
    expect(counter).type.toBeCallableWith({ help: 'Jobs.', observed: true, unknownStart: true });
  });

  test('only histograms have bounds', () => {
    expect(histogram).type.toBeCallableWith({ help: 'Wait.', bounds: [1, 2] });
    expect(gauge).type.not.toBeCallableWith({ help: 'Wait.', bounds: [1, 2] });
    expect(histogram).type.toBeCallableWith({ help: 'Wait.', exponential: { maxSize: 20 }, minMax: true });
    expect(gauge).type.not.toBeCallableWith({ help: 'Wait.', exponential: {} });
    expect(histogram).type.toBeCallableWith({ help: 'Wait.', bounds: [1, 2], exponential: {} });
    expect(histogram).type.toBeCallableWith({ help: 'Wait.', exponential: { textBuckets: 20 } });
    expect(histogram).type.not.toBeCallableWith({ help: 'Wait.', exponential: { textBuckets: 'all' } });
  });

  test('only gauges and up-down counters say how they combine across processes', () => {
    expect(gauge).type.toBeCallableWith({ help: 'Depth.', across: 'max' });
    expect(gauge).type.toBeCallableWith({ help: 'Depth.', observed: true, across: 'worker' });
    expect(upDownCounter).type.toBeCallableWith({ help: 'Depth.', across: 'first' });
    expect(gauge).type.not.toBeCallableWith({ help: 'Depth.', across: 'mean' });
    expect(counter).type.not.toBeCallableWith({ help: 'Jobs.', across: 'sum' });
    expect(histogram).type.not.toBeCallableWith({ help: 'Wait.', bounds: [1], across: 'sum' });
    expect(info).type.not.toBeCallableWith({ help: 'Build.', across: 'first' });
  });

  test('an open label does not compile', () => {
    expect(counter).type.not.toBeCallableWith({ help: 'Jobs.', labels: { status: 'any' } });
  });

  test('a capped set takes a limit and other', () => {
    expect(capped).type.not.toBeCallableWith({ max: 3 });
  });
});
