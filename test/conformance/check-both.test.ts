/** `check --both`: the page of a daemon, and the lines that a Collector's `file` exporter has written of what it pushed. */
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { folderFor } from '../folder-for.ts';
import { check } from '../tools/cli/check/process.ts';
import { until } from '../until.ts';
import { startCollector } from './collector.ts';
import { daemons } from './daemons.ts';
import { inReverse } from './in-reverse.ts';
import { requirePeer } from './peers.ts';
import { random } from './random.ts';
import { ownRoad } from './roads.ts';

test("what RunWisp exposes is what a Collector's file exporter writes", async (t) => {
  const binary = requirePeer(t, 'collector');
  if (binary === undefined) return;
  const atEnd = inReverse(t);
  const generator = random();
  t.diagnostic(`METERBRIDGE_SEED=${generator.seed}`);
  const folder = folderFor(t);
  const written = folder('pushed.jsonl');
  const over = [`yaml:exporters::file::path: ${written}`, 'yaml:service::pipelines::metrics::exporters: [file]'];
  const collector = await startCollector(t, binary, { over });
  atEnd(collector.stop);
  const daemon = await daemons.RunWisp.start(generator, collector.endpoint, ownRoad);
  atEnd(daemon.close);
  daemon.run(100);
  daemon.advance();
  await daemon.push();
  await until("a line of the Collector's", () => existsSync(written) && readFileSync(written, 'utf8').endsWith('\n'));

  const findingsOf = async (file: string): Promise<readonly { readonly id: string; readonly family?: string }[]> => {
    const { stdout, code, stderr } = await check('--both', daemon.url, file, '--format', 'json');
    assert.notEqual(code, 2, stderr);
    const { findings } = JSON.parse(stdout) as {
      readonly findings: readonly { readonly id: string; readonly family?: string }[];
    };
    return findings.filter(({ id }) => id.startsWith('both-'));
  };
  assert.deepEqual(await findingsOf(written), []);
  const lines = readFileSync(written, 'utf8');
  const changed = lines.replace('"runwisp.build', '"runwisp.other');
  assert.notEqual(changed, lines);
  const found = await findingsOf(folder('changed.jsonl', changed));
  assert.ok(
    found.some(({ id, family }) => id === 'both-series' && family?.startsWith('runwisp_build') === true),
    JSON.stringify(found),
  );
});
