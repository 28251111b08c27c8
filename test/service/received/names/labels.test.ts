/**
 * Labels of received series. Expected values: the norm where it is named, else what the Collector v0.159 shows of the same
 * request.
 */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { labelTexts } from '../../../../src/service/received/names/index.ts';
import { type Attributes, attributes } from './protobuf.ts';
import { counter, createRig, headOf } from './rig.ts';

const service: Attributes = { 'service.name': 'cart', 'service.namespace': 'shop', 'service.instance.id': 'i1' };
const target = { job: 'shop/cart', instance: 'i1' };

describe('job and instance', () => {
  const cases: readonly (readonly [string, Attributes, Attributes])[] = [
    ['all three', service, target],
    ['no namespace', { 'service.name': 'cart' }, { job: 'cart' }],
    ['no name', { 'service.namespace': 'shop' }, {}],
    ['instance alone', { 'service.instance.id': 'i1' }, { instance: 'i1' }],
    [
      'values that are no strings',
      { 'service.name': 5, 'service.namespace': 'n', 'service.instance.id': true },
      { job: 'n/5', instance: 'true' },
    ],
    ['empty values are no labels (Prometheus data model)', { 'service.name': '', 'service.instance.id': '' }, {}],
    ['other attributes of the resource are no labels', { ...service, 'host.name': 'h' }, target],
  ];
  for (const [name, resource, labels] of cases) {
    test(name, () => assert.deepEqual(createRig().labels(headOf('x'), { resource }), labels));
  }
});

describe('attributes of a point', () => {
  const cases: readonly (readonly [string, Attributes, Attributes])[] = [
    ['a character that a label cannot have becomes _', { 'a.b': '1' }, { a_b: '1' }],
    ['runs become one _', { 'a..b__c': '1' }, { a_b_c: '1' }],
    ['a digit at the beginning gets key_', { '1a': '1' }, { key_1a: '1' }],
    ['one underscore at the beginning stays', { _a: '1' }, { _a: '1' }],
    ['two become one: Prometheus reserves them', { __x: '1', __name__: '2' }, { _name_: '2', _x: '1' }],
    ['without an ASCII letter, _ remains', { é: '1' }, { _: '1' }],
    ['the empty name has no label', { '': '1' }, {}],
    [
      'values that fall together are joined with ; in the order of the original keys (norm)',
      { a_b: '2', 'a.b': '1' },
      { a_b: '1;2' },
    ],
    ['an empty value is no label (Prometheus data model)', { e: '', f: 'x' }, { f: 'x' }],
    ['names are sorted', { b: '1', a: '2', C: '3' }, { C: '3', a: '2', b: '1' }],
  ];
  for (const [name, point, labels] of cases) {
    test(name, () => {
      const found = createRig().labels(headOf('x'), { point });
      assert.deepEqual(found, labels);
      assert.deepEqual(Object.keys(found), Object.keys(labels));
    });
  }

  test('job and instance are those of the resource, the attributes become exported_', () => {
    const labels = createRig().labels(headOf('x'), { resource: service, point: { job: 'a', instance: 'b', exported_job: 'c' } });
    assert.deepEqual(labels, { ...target, exported_instance: 'b', exported_job: 'c;a' });
  });

  test('without job and instance of the resource, the attributes are the labels', () => {
    assert.deepEqual(createRig().labels(headOf('x'), { point: { job: 'a', instance: 'b' } }), { job: 'a', instance: 'b' });
  });

  test('le and quantile stay labels, but for histograms and summaries', () => {
    const rig = createRig();
    const point = { le: '1', quantile: '0.5' };
    assert.deepEqual(rig.labels(headOf('g'), { point }), point);
    assert.deepEqual(rig.labels(headOf('h', { type: 'histogram' }), { point }), { exported_le: '1', quantile: '0.5' });
    assert.deepEqual(rig.labels(headOf('e', { type: 'exponentialHistogram' }), { point }), { exported_le: '1', quantile: '0.5' });
    assert.deepEqual(rig.labels(headOf('s', { type: 'summary' }), { point }), { le: '1', exported_quantile: '0.5' });
  });
});

describe('const_labels', () => {
  test('stand on every series, their names made legal', () => {
    const rig = createRig({ constLabels: new Map([['a.b', 'x']]) });
    assert.deepEqual(rig.labels(headOf('x'), { point: { k: 'v' } }), { a_b: 'x', k: 'v' });
  });

  test('win over attributes and over job', () => {
    const rig = createRig({
      constLabels: new Map([
        ['zone', 'eu'],
        ['job', 'const'],
      ]),
    });
    const labels = rig.labels(headOf('x'), { resource: service, point: { zone: 'us', job: 'p' } });
    assert.deepEqual(labels, {
      zone: 'eu',
      exported_zone: 'us',
      job: 'const',
      exported_job: 'shop/cart',
      exported_exported_job: 'p',
      instance: 'i1',
    });
  });
});

describe('scope labels', () => {
  test('name, version and schema URL always, attributes behind otel_scope_', () => {
    const rig = createRig({ withoutScope: false });
    const labels = rig.labels(headOf('x'), { scope: ['sc', '1', { 'x.y': 'q', name: 'odd' }], schemaUrl: 'https://s/1' });
    assert.deepEqual(labels, {
      otel_scope_name: 'sc',
      otel_scope_version: '1',
      otel_scope_schema_url: 'https://s/1',
      otel_scope_x_y: 'q',
    });
  });

  test('are there without a scope, too', () => {
    const labels = createRig({ withoutScope: false }).labels(headOf('x'));
    assert.deepEqual(labels, { otel_scope_name: '', otel_scope_schema_url: '', otel_scope_version: '' });
  });

  test('a point that says the same is joined with ; (norm, "Metric Attributes")', () => {
    const labels = createRig({ withoutScope: false }).labels(headOf('x'), { scope: ['sc'], point: { otel_scope_name: 'mine' } });
    assert.equal(labels.otel_scope_name, 'sc;mine');
  });
});

// open-telemetry/opentelemetry-collector-contrib#10374, #14900: resource attributes as labels without duplicate names.
describe('#10374, #14900: resource_to_telemetry_conversion', () => {
  const resource = { ...service, 'host.name': 'h', 'deep.x': 'y' };

  test('all attributes become labels', () => {
    assert.deepEqual(createRig({ resourceLabels: 'all' }).labels(headOf('x'), { resource }), {
      deep_x: 'y',
      host_name: 'h',
      instance: 'i1',
      job: 'shop/cart',
      service_instance_id: 'i1',
      service_name: 'cart',
      service_namespace: 'shop',
    });
  });

  test('exclude_service_attributes leaves out what job and instance say', () => {
    assert.deepEqual(createRig({ resourceLabels: 'others' }).labels(headOf('x'), { resource }), {
      ...target,
      deep_x: 'y',
      host_name: 'h',
    });
  });

  test('of one name in resource and point, the value of the resource is shown', () => {
    const labels = createRig({ resourceLabels: 'others' }).labels(headOf('x'), { resource, point: { 'host.name': 'pt' } });
    assert.equal(labels.host_name, 'h');
  });

  test('two names that become one label are joined (norm; the Collector drops the series)', () => {
    const labels = createRig({ resourceLabels: 'others' }).labels(headOf('x'), { resource, point: { host_name: 'pt' } });
    assert.equal(labels.host_name, 'h;pt');
  });

  test('an attribute of the resource called job or le makes no second label', () => {
    const rig = createRig({ resourceLabels: 'others' });
    const labels = rig.labels(headOf('h', { type: 'histogram' }), { resource: { ...service, job: 'rj', le: '9' } });
    assert.deepEqual(labels, { ...target, exported_job: 'rj', exported_le: '9' });
  });
});

test('series of one metric: the same attributes with other values, in another order, others, joined', () => {
  const metric = createRig({ resourceLabels: 'others' }).ask(headOf('x', counter), { resource: { ...service, z: 'r' } });
  assert.ok('labels' in metric);
  const labels = (point: Attributes) => {
    const { names, values } = labelTexts(metric.labels(attributes(point)));
    return Object.fromEntries(names.map((name, at) => [name, values[at]]));
  };
  const all = { ...target, z: 'r' };
  assert.deepEqual(labels({ b: '1', a: '2', z: 'p' }), { ...all, a: '2', b: '1' });
  assert.deepEqual(labels({ b: '3', a: '4', z: 'q' }), { ...all, a: '4', b: '3' });
  assert.deepEqual(labels({ a: '5', b: '6' }), { ...all, a: '5', b: '6' });
  assert.deepEqual(labels({ 'a.b': '1', a_b: '2' }), { ...all, a_b: '1;2' });
  assert.deepEqual(labels({ 'a.b': '3', a_b: '4' }), { ...all, a_b: '3;4' });
  assert.deepEqual(labels({ '': 'e', c: '7' }), { ...all, c: '7' });
  assert.deepEqual(labels({ '': 'f', c: '8' }), { ...all, c: '8' });
  assert.deepEqual(labels({}), all);
});

test('a page has labels as they were made: also _, and underscores at both ends', async () => {
  const rig = createRig();
  rig.show(headOf('x'), { point: { é: '1', __y__: '2', 'z.': '3' } });
  assert.equal(await rig.text(), '# TYPE x gauge\nx{_="1",_y_="2",z_="3"} 1\n');
});

test('series with the same names share one array of them', () => {
  const metric = createRig().ask(headOf('x', counter));
  assert.ok('labels' in metric);
  const first = metric.labels(new Uint8Array(0));
  assert.equal(metric.labels(new Uint8Array(0)).names, first.names);
});
