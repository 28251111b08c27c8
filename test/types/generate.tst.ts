import { describe, expect, test } from 'tstyche';
import { contract, counter, gauge, histogram, identity, oneOf } from '../../src/core/contract/index.ts';
import { buckets, labels, labelValue, legend, series } from '../../src/tools/generate/index.ts';

const { metrics } = contract('app', {
  jobs: counter({ help: 'Jobs.', labels: { status: oneOf('ok', 'bad'), task: identity() } }),
  memory: gauge({ observed: true, unit: 'By', help: 'Memory.' }),
  wait: histogram({ unit: 's', help: 'Wait.', labels: { kind: oneOf('new', 'old') } }),
});

describe('PromQL of a contract', () => {
  test('takes its labels and their values', () => {
    expect(series).type.toBeCallableWith(metrics.jobs);
    expect(series).type.toBeCallableWith(metrics.jobs, { status: 'bad' });
    expect(series).type.toBeCallableWith(metrics.jobs, { task: 'backup' });
    expect(buckets).type.toBeCallableWith(metrics.wait, { kind: 'new' });
    expect(labels).type.toBeCallableWith(metrics.wait, 'le', 'kind');
    expect(legend).type.toBeCallableWith(metrics.jobs, 'task');
    expect(labelValue).type.toBeCallableWith(metrics.jobs, 'status');
  });

  test('refuses a metric, label or value that is not in it', () => {
    expect(metrics).type.not.toHaveProperty('runs');
    expect(series).type.not.toBeCallableWith(metrics.jobs, { status: 'lost' });
    expect(series).type.not.toBeCallableWith(metrics.jobs, { state: 'ok' });
    expect(series).type.not.toBeCallableWith(metrics.memory, { status: 'ok' });
    expect(buckets).type.not.toBeCallableWith(metrics.wait, { kind: 'lost' });
    expect(labels).type.not.toBeCallableWith(metrics.jobs, 'kind');
    expect(labels).type.not.toBeCallableWith(metrics.jobs, 'le');
    expect(legend).type.not.toBeCallableWith(metrics.jobs, 'host');
    expect(labelValue).type.not.toBeCallableWith(metrics.jobs, 'host');
  });

  test('knows which kinds have which samples', () => {
    expect(series).type.not.toBeCallableWith(metrics.wait);
    expect(buckets).type.not.toBeCallableWith(metrics.jobs);
  });
});
