/** No key of the Collector's components is forgotten: each is supported, ignored or not supported, as the fixture says. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { components } from '../../../src/collector/components.ts';
import { telemetry } from '../../../src/collector/config/service.ts';
import { keyRows } from '../../../src/config/schema/key-rows.ts';
import { collectorKeys } from './collector-keys.ts';

const described = [...components, { kind: 'service', type: 'telemetry', schema: telemetry }] as const;

for (const { kind, type, schema } of described) {
  test(`${kind} ${type}: every key of the Collector has its state, and no other key is there`, () => {
    const states = Object.fromEntries(keyRows(schema).map(({ key, state }) => [key, state]));
    assert.deepEqual(states, collectorKeys()[kind]?.[type]);
  });
}
