/**
 * The keys that test/fixtures/collector/keys.yaml lists are those of the Collector: it takes each of them, and refuses one that
 * is not there.
 */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { stringify } from 'yaml';
import { folderWith } from '../examples/example.ts';
import { collectorKeys } from '../service/config/collector-keys.ts';
import { requirePeer } from './peers.ts';

type Plain = { [key: string]: Plain | null };

const enough = { receivers: { otlp: { protocols: { http: null } } }, exporters: { nop: null } };
const pipelines = { metrics: { receivers: ['otlp'], exporters: ['nop'] } };

for (const [kind, types] of Object.entries(collectorKeys())) {
  for (const [type, states] of Object.entries(types)) {
    test(`${kind} ${type}: the Collector has each of its keys`, (t) => {
      const binary = requirePeer(t, 'collector');
      if (binary === undefined) return;
      const path = join(folderWith(t, 'empty', '').folder, 'keys.yaml');
      const said = (key: string) => {
        writeFileSync(path, stringify(fileWith(kind, type, sectionOf(key))));
        return spawnSync(binary, ['validate', '--config', path], { encoding: 'utf8' }).stderr;
      };
      const keys = Object.keys(states).filter((key) => !key.includes('[]'));
      for (const key of keys) assert.doesNotMatch(said(key), /invalid keys/, key);
      // So that a file which is refused for something else passes for none.
      for (const key of new Set(['no_such_key', ...keys].map((one) => one.replace(/[^.]*$/, 'no_such_key'))))
        assert.match(said(key), /invalid keys: no_such_key/, key);
    });
  }
}

/** Null is taken for every type. */
function sectionOf(key: string): Plain {
  return key.split('.').reduceRight<Plain | null>((below, name) => ({ [name]: below }), null) ?? {};
}

function fileWith(kind: string, type: string, section: Plain): unknown {
  if (kind === 'service') return { ...enough, service: { [type]: section, pipelines } };
  const of = `${kind}s` as keyof typeof enough;
  return { ...enough, [of]: { ...enough[of], [type]: section }, service: { pipelines } };
}
