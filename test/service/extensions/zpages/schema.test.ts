/** Every answer has the form that the schema says, and the schema is that of the types. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { statusSchema } from '../../../../build/status-schema.ts';
import { defaultLimits } from '../../../../src/service/limits.ts';
import schema from '../../../../src/status/model/api.schema.json' with { type: 'json' };
import { otlp, requestOf, startWithPage, withPage } from './page.ts';

const yaml = (more = '') =>
  withPage(
    `receivers: {otlp: ${otlp}}
processors: {batch: {}}
exporters: {prometheus: {endpoint: '127.0.0.1:0'}, otlp_http: {endpoint: 'http://127.0.0.1:1'${more}}}`,
    '{metrics: {receivers: [otlp], exporters: [prometheus]}, metrics/2: {receivers: [otlp], processors: [batch], exporters: [otlp_http]}}',
  );

test('the schema is that of the types: npm run generate writes it', () => {
  assert.deepEqual(schema, JSON.parse(JSON.stringify(statusSchema())));
});

test('every answer has the form that the schema says, also after rejections and reloads', async (t) => {
  const page = await startWithPage(t, yaml(), { limits: { ...defaultLimits, maxSeries: 5 }, showValues: true });
  const ajv = new Ajv2020({ allErrors: true });
  ajv.addSchema(schema, 'api');
  const check = (address: string, answer: unknown) => {
    const valid = ajv.getSchema(`api#/properties/~1api~1${address}`);
    assert.ok(valid, address);
    assert.ok(valid(answer), `${address}: ${ajv.errorsText(valid.errors)}`);
  };
  const all = async () => {
    for (const address of Object.keys(schema.properties)) {
      const name = address.slice('/api/'.length);
      if (name !== 'family') check(name, await page.get(name as 'graph'));
    }
  };
  await all();
  const resource = { 'service.name': 'cart', 'telemetry.sdk.language': 'go' };
  await page.send(requestOf({ points: 10, resource, timeMs: Date.now() }));
  await page.send(Buffer.from('nothing'));
  await fetch(page.urls().find((url) => /\d\/metrics$/.test(url)) ?? '');
  await page.changeTo(yaml(', timeout: 3s'));
  await page.changeTo('nothing');
  await all();
  check('family', await page.family('exporter prometheus', 'm'));
  assert.deepEqual(await (await fetch(`${page.origin}/api/schema`)).json(), schema);
});

test('a schema that lets nothing else pass: one field more, or less, is an error', () => {
  const ajv = new Ajv2020();
  const valid = ajv.addSchema(schema, 'api').getSchema('api#/properties/~1api~1features');
  assert.equal(valid?.({ at: 1, features: [] }), true);
  assert.equal(valid?.({ features: [] }), false);
  assert.equal(valid?.({ at: 1, features: [], more: 1 }), false);
});
