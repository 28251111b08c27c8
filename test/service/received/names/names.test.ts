/** Exposed names. Expected: the Collector v0.159 of the same request, or the norm where it is named. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { counter, createRig, headOf } from './rig.ts';

const one = { resource: { 'service.name': 'one', 'service.instance.id': 'i1' } };
const other = { resource: { 'service.name': 'other' } };

describe('names', () => {
  const cases = [
    ['gau.ge', { unit: '1' }, 'gau_ge_ratio'],
    ['cou.nt', { unit: 'By', ...counter }, 'cou_nt_bytes_total'],
    ['hi', { unit: 's', type: 'histogram' }, 'hi_seconds'],
    ['summ', { unit: 's', type: 'summary' }, 'summ_seconds'],
    ['updown', { unit: '1', type: 'sum' }, 'updown'],
    ['9a', {}, '_9a'],
    ['a__b', {}, 'a_b'],
    ['_lead', {}, 'lead'],
    ['a:b', {}, 'a:b'],
  ] as const;
  for (const [name, over, exposed] of cases) {
    test(`${name} → ${exposed}`, () => {
      const metric = createRig().ask(headOf(name, over));
      assert.ok('claimed' in metric);
      assert.equal(metric.claimed.name, exposed);
    });
  }

  const withoutSuffixes = { strategy: 'UnderscoreEscapingWithoutSuffixes' } as const;
  const named = [
    ['x', { namespace: 'a..b__c_' }, 'a__b__c__x'],
    ['9a', { namespace: '1x.y' }, '_1x_y_9a'],
    ['...', { namespace: 'ns' }, 'ns'],
    ['_lead', { namespace: 'a..b__c_', ...withoutSuffixes }, 'a_b__c___lead'],
    ['cou.nt', withoutSuffixes, 'cou_nt'],
  ] as const;
  for (const [name, over, exposed] of named) {
    test(`${name} with ${JSON.stringify(over)} → ${exposed}`, () => {
      const metric = createRig(over).ask(headOf(name));
      assert.ok('claimed' in metric);
      assert.equal(metric.claimed.name, exposed);
    });
  }

  test('a metric of which no name remains is not shown', () => {
    assert.deepEqual(createRig().ask(headOf('...')), { reason: 'no_name' });
  });
});

describe('TYPE', () => {
  test('metadata prometheus.type: unknown makes a gauge untyped (norm, "Gauges")', async () => {
    const rig = createRig();
    rig.show(headOf('g', { unit: '1' }), { metadata: { 'prometheus.type': 'unknown' } });
    rig.show(headOf('c', counter), { metadata: { 'prometheus.type': 'unknown' } });
    rig.show(headOf('i'), { metadata: { 'prometheus.type': 'info' } });
    assert.match(await rig.text(), /^# TYPE g_ratio untyped$/m);
    assert.match(await rig.text('openmetrics'), /^# TYPE g_ratio unknown$/m);
    assert.match(await rig.text(), /^# TYPE c_total counter$/m);
    assert.match(await rig.text(), /^# TYPE i gauge$/m);
  });

  const falls = (name: string, type: string) =>
    [headOf(name, { type: 'sum' }), { metadata: { 'prometheus.type': type } }] as const;

  // "MUST be converted to an OpenMetrics Info metric", and where a format has none "a Prometheus Gauge with an additional `_info`
  // name suffix" (norm, "Sums").
  for (const name of ['build', 'build_info']) {
    test(`${name}: metadata prometheus.type: info of a sum that falls`, async () => {
      const rig = createRig();
      rig.show(...falls(name, 'info'));
      assert.equal(await rig.text('openmetrics'), '# TYPE build info\nbuild_info 1\n# EOF\n');
      assert.equal(await rig.text(), '# TYPE build_info gauge\nbuild_info 1\n');
    });
  }

  for (const [type, given] of [
    ['info', { strategy: 'UnderscoreEscapingWithoutSuffixes' }],
    ['stateset', { namespace: 'acme' }],
    ['gauge', {}],
  ] as const) {
    test(`${type} is a gauge where OpenMetrics has no name for it: ${JSON.stringify(given)}`, async () => {
      const rig = createRig(given);
      rig.show(...falls('x', type));
      assert.match(await rig.text('openmetrics'), /^# TYPE (acme_)?x gauge\n/);
    });
  }

  test('a gauge shares its name with an info, whose type is the first one’s', async () => {
    const rig = createRig();
    rig.show(...falls('a_info', 'info'));
    rig.show(headOf('a_info'), other);
    rig.show(headOf('b_info'));
    rig.show(falls('b', 'info')[0], { ...falls('b', 'info')[1], ...other });
    const samples = (name: string) => `${name} 1\n${name}{job="other"} 1\n`;
    assert.equal(
      await rig.text('openmetrics'),
      `# TYPE a info\n${samples('a_info')}# TYPE b_info gauge\n${samples('b_info')}# EOF\n`,
    );
    assert.deepEqual(rig.warnings, []);
  });

  test('a sum that is not monotonic is a gauge, and shares its name with one', async () => {
    const rig = createRig();
    rig.show(headOf('x', { type: 'sum' }), one);
    rig.show(headOf('x'), other);
    assert.equal(await rig.text(), '# TYPE x gauge\nx{instance="i1",job="one"} 1\nx{job="other"} 1\n');
    assert.deepEqual(rig.warnings, []);
  });
});

describe('names that meet', () => {
  test('of two types under one name, the later is not shown, is told once with both producers, and comes once the first is gone', async () => {
    const rig = createRig({ strategy: 'UnderscoreEscapingWithoutSuffixes' });
    const first = rig.show(headOf('conf'), one);
    for (let times = 0; times < 3; times++)
      assert.deepEqual(rig.ask(headOf('conf', counter), other), { reason: 'type_conflict' });
    assert.equal(rig.warnings.length, 1);
    assert.match(rig.warnings[0] ?? '', /counter "conf" from job "other".*gauge.*job "one", instance "i1"/);
    assert.equal(rig.names.conflicts, 1);
    first.end();
    rig.show(headOf('conf', counter), other);
    assert.equal(await rig.text(), '# TYPE conf counter\nconf{job="other"} 1\n');
  });

  const suffixed = [
    ['counter a, then gauge a_total', headOf('a', counter), headOf('a_total'), 'type_conflict'],
    ['gauge a_total, then counter a', headOf('a_total'), headOf('a', counter), 'type_conflict'],
    ['histogram h, then gauge h_count', headOf('h', { type: 'histogram' }), headOf('h_count'), 'name_conflict'],
    ['gauge h_bucket, then histogram h', headOf('h_bucket'), headOf('h', { type: 'histogram' }), 'name_conflict'],
    ['summary s, then gauge s_sum', headOf('s', { type: 'summary' }), headOf('s_sum'), 'name_conflict'],
    ['gauge target_info, which is ours', headOf('other'), headOf('target_info'), 'name_conflict'],
  ] as const;
  for (const [name, first, later, reason] of suffixed) {
    test(`${name}: the first stays`, () => {
      const rig = createRig();
      assert.ok('claimed' in rig.ask(first));
      assert.deepEqual(rig.ask(later), { reason });
      assert.deepEqual(rig.ask(later), { reason });
      assert.equal(rig.warnings.length, 1);
    });
  }

  const reservedInOpenMetrics = [
    ['gauge queue, then counter queue', headOf('queue'), headOf('queue', counter)],
    ['counter queue, then gauge queue', headOf('queue', counter), headOf('queue')],
    ['counter a, then gauge a_created', headOf('a', counter), headOf('a_created')],
    ['gauge h_created, then histogram h', headOf('h_created'), headOf('h', { type: 'histogram' })],
  ] as const;
  for (const [name, first, later] of reservedInOpenMetrics) {
    test(`${name}: both are kept, as in a Collector`, () => {
      const rig = createRig();
      assert.ok('claimed' in rig.ask(first));
      assert.ok('claimed' in rig.ask(later));
      assert.deepEqual([rig.warnings, rig.names.conflicts], [[], 0]);
    });
  }

  test('of two descriptions and units the first is kept, all points are shown, each is told once', async () => {
    const rig = createRig();
    rig.show(headOf('he_seconds', { description: 'first', unit: 's' }), one);
    rig.show(headOf('he_seconds', { description: 'second' }), other);
    rig.ask(headOf('he_seconds', { description: 'third' }), other);
    assert.equal(
      await rig.text(),
      '# HELP he_seconds first\n# TYPE he_seconds gauge\nhe_seconds{instance="i1",job="one"} 1\nhe_seconds{job="other"} 1\n',
    );
    assert.deepEqual(
      rig.warnings.map((line) => / (description|unit) /.exec(line)?.[1]),
      ['description', 'unit'],
    );
  });

  test('two scopes of one resource are named, with what tells them apart', () => {
    const rig = createRig();
    const from = (...scope: [string, string?]) => ({ ...one, scope });
    rig.show(headOf('calls', { description: 'From a.' }), from('lib.a', '1'));
    rig.show(headOf('calls', { description: 'From b.' }), from('lib.b', '2'));
    rig.ask(headOf('calls', { type: 'histogram', description: 'From a.' }), from(''));
    rig.show(headOf('size', { unit: 'By', description: 'A size.' }), from('lib.a', '1'));
    rig.show(headOf('size_bytes', { description: 'A size.' }), { ...from('lib.a', '1'), schemaUrl: 'https://s/1' });
    assert.deepEqual(rig.warnings, [
      'calls from scope "lib.b", version "2" of job "one", instance "i1" has another description than from scope "lib.a", version "1" of job "one", instance "i1"; that of the first is shown, with all points of both. Nothing has to be done; a view in a sender\'s SDK can set the description',
      'the histogram "calls" from a scope without a name of job "one", instance "i1" is not shown: calls is a gauge already, from scope "lib.a", version "1" of job "one", instance "i1". Rename one of the two metrics',
      'size_bytes from scope "lib.a", version "1", schema URL "https://s/1" of job "one", instance "i1" has another unit than from scope "lib.a", version "1" of job "one", instance "i1"; that of the first is shown, with all points of both. Nothing has to be done if both measure in one unit; if not, rename one of the two by a view in its sender\'s SDK',
    ]);
  });

  test('two metrics that become one name share it without a word', async () => {
    const rig = createRig();
    rig.show(headOf('jobs.done'), one);
    rig.show(headOf('jobs_done'), other);
    assert.equal((await rig.text()).match(/# TYPE/g)?.length, 1);
    assert.deepEqual(rig.warnings, []);
  });
});

test('--max-families: one more is refused, with a reason for its sender, until one has gone', () => {
  const rig = createRig({ maxFamilies: 2 });
  const first = rig.show(headOf('a'));
  rig.show(headOf('b'));
  assert.deepEqual(rig.ask(headOf('c')), {
    reason: 'family_limit',
    refused: 'there are 2 metric names already (--max-families)',
  });
  assert.ok('claimed' in rig.ask(headOf('b'), other));
  first.end();
  assert.ok('claimed' in rig.ask(headOf('c')));
  assert.equal(rig.names.families, 2);
});
