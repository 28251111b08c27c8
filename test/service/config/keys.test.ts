/** No key of the Collector's components is forgotten: each is supported, ignored or not supported, as the fixture says. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { keyRows } from '../../../src/core/config/schema/key-rows.ts';
import { components } from '../../../src/service/components.ts';
import { telemetry } from '../../../src/service/config/service.ts';
import { collectorKeys } from './collector-keys.ts';

const described = [...components, { kind: 'service', type: 'telemetry', schema: telemetry }] as const;

for (const { kind, type, schema } of described) {
  test(`${kind} ${type}: every key of the Collector has its state, and no other key is there`, () => {
    const states = Object.fromEntries(keyRows(schema).map(({ key, state }) => [key, state]));
    assert.deepEqual(states, collectorKeys()[kind]?.[type]);
  });
}
