import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { PushOptions } from '../../../../src/library/push/settings/settings.ts';
import { type Env, resolve } from '../resolving.ts';

const base = 'OTEL_EXPORTER_OTLP_ENDPOINT';

const on = { [base]: 'http://c:1' };

// Semantic conventions, service; specification, resource SDK.
const resources: [PushOptions, Env, Record<string, string>][] = [
  [{}, {}, { 'service.name': 'demo' }],
  [{}, { OTEL_SERVICE_NAME: 'env' }, { 'service.name': 'env' }],
  [{}, { OTEL_RESOURCE_ATTRIBUTES: 'service.name=attr' }, { 'service.name': 'attr' }],
  [{}, { OTEL_RESOURCE_ATTRIBUTES: 'service.name=attr', OTEL_SERVICE_NAME: 'env' }, { 'service.name': 'env' }],
  [{ serviceName: 'code' }, {}, { 'service.name': 'code' }],
  [{}, { OTEL_RESOURCE_ATTRIBUTES: 'a=x%2Cy%3D, b = 2 ' }, { a: 'x,y=', b: '2' }],
  [{ resource: { a: '1' } }, { OTEL_RESOURCE_ATTRIBUTES: 'b=2' }, { a: '1', b: '2' }],
  [{}, { OTEL_RESOURCE_ATTRIBUTES: 'service.instance.id=i' }, { 'service.instance.id': 'i' }],
];

for (const [options, env, expected] of resources) {
  test(`resource: ${JSON.stringify(options)} with ${JSON.stringify(env)}`, () => {
    const { resource } = resolve(options, { ...on, ...env }).settings ?? {};
    assert.deepEqual({ ...resource, ...expected }, { ...resource });
  });
}

test('service.instance.id is a random UUID, the same for the whole process', () => {
  const [first, second] = [resolve({}), resolve({})].map(({ settings }) => settings?.resource['service.instance.id']);
  assert.match(first ?? '', /^[\da-f]{8}-[\da-f]{4}-4[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/);
  assert.equal(first, second);
});
