/** `target_info`. Expected: the Collector v0.159 of the same resources, or the norm where it is named. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Attributes } from './protobuf.ts';
import { createRig } from './rig.ts';

const service: Attributes = { 'service.name': 'cart', 'service.namespace': 'shop', 'service.instance.id': 'i1' };

function linesOf(text: string): readonly string[] {
  return text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
}

test('has the other attributes of the resource, while a series of it lives', async () => {
  const rig = createRig();
  const target = rig.target({ ...service, 'host.name': 'h', num: 5, 'a.b': '1', a_b: '2' });
  assert.equal(await rig.text(), '');
  target.entered();
  assert.equal(
    await rig.text(),
    '# HELP target_info Target metadata\n# TYPE target_info gauge\ntarget_info{a_b="1;2",host_name="h",instance="i1",job="shop/cart",num="5"} 1\n',
  );
  target.left();
  assert.equal(await rig.text(), '');
  target.entered();
  assert.equal(linesOf(await rig.text()).length, 1);
});

test('is there without other attributes, too', async () => {
  const rig = createRig();
  rig.target(service).entered();
  assert.deepEqual(linesOf(await rig.text()), ['target_info{instance="i1",job="shop/cart"} 1']);
});

for (const [name, attributes] of [
  ['job', { 'service.instance.id': 'i1' }],
  ['instance', { 'service.name': 'cart' }],
] as const) {
  test(`is not there without ${name}`, async () => {
    const rig = createRig();
    rig.target(attributes).entered();
    assert.equal(await rig.text(), '');
  });
}

test('is there once for each job and instance (norm), the first resource first', async () => {
  const rig = createRig();
  const [first, second] = ['1', '2'].map((x) => rig.target({ ...service, x }));
  first?.entered();
  second?.entered();
  assert.deepEqual(linesOf(await rig.text()), ['target_info{instance="i1",job="shop/cart",x="1"} 1']);
  first?.left();
  assert.deepEqual(linesOf(await rig.text()), ['target_info{instance="i1",job="shop/cart",x="2"} 1']);
  second?.left();
  assert.equal(await rig.text(), '');
});

test('has the namespace and no constant labels', async () => {
  const rig = createRig({ namespace: 'my.ns', constLabels: new Map([['zone', 'eu']]), timestamps: true });
  rig.target(service).entered();
  assert.deepEqual(linesOf(await rig.text()), ['my_ns_target_info{instance="i1",job="shop/cart"} 1']);
});

test('makes a namespace legal as the Collector does', async () => {
  const rig = createRig({ namespace: '1x.y' });
  rig.target(service).entered();
  assert.deepEqual(linesOf(await rig.text()), ['key_1x_y_target_info{instance="i1",job="shop/cart"} 1']);
});

test('keeps an attribute that is called job', async () => {
  const rig = createRig();
  rig.target({ ...service, job: 'x' }).entered();
  assert.deepEqual(linesOf(await rig.text()), ['target_info{exported_job="x",instance="i1",job="shop/cart"} 1']);
});
