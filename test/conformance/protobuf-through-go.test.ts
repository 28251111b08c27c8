/** Prometheus' own parsers read the same series and values from a page in protobuf and in text, whatever is in the store. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { createRenderer, type ExpositionFormat, type Rendering } from '../../src/formats/exposition/index.ts';
import { families, storeOf } from '../formats/exposition/random-stores.ts';
import { repeated } from '../full.ts';
import { decodeExpositions, type GoExposition, type GoPage } from './go-parsers.ts';
import { requirePeer } from './peers.ts';

const contentTypes = {
  text: 'text/plain; version=0.0.4; charset=utf-8',
  protobuf: 'application/vnd.google.protobuf; proto=io.prometheus.client.MetricFamily; encoding=delimited',
} as const satisfies Partial<Record<ExpositionFormat, string>>;

function seriesOf({ samples }: GoExposition): readonly string[] {
  return samples
    .map(({ labels, value }) => `${JSON.stringify(labels.map(([name, text]) => [name, plain(name, text)]))} ${value}`)
    .toSorted();
}

/** Of `le` and `quantile`, `1e+06` is `1000000`, and `1.0` is `1`. */
function plain(name: string, text: string): string {
  return (name === 'le' || name === 'quantile') && text !== '+Inf' ? String(Number(text)) : text;
}

test('what Go reads from protobuf is what it reads from text', async (t) => {
  if (requirePeer(t, 'goParsers') === undefined) return;
  const stores = fc.sample(families, { numRuns: repeated(300, 1_000, 5_000), seed: Number(process.env.METERBRIDGE_SEED ?? 1) });
  const pages: GoPage[] = [];
  for (const store of stores) {
    const renderer = createRenderer(storeOf(store));
    for (const format of ['text', 'protobuf'] as const) {
      const { body } = (await renderer.render(format)) as Rendering;
      pages.push({ page: Buffer.from(body), contentType: contentTypes[format], dropNative: true });
    }
  }
  const read = decodeExpositions(pages);
  let series = 0;
  for (let at = 0; at < read.length; at += 2) {
    const [text, protobuf] = [read[at], read[at + 1]] as [GoExposition, GoExposition];
    assert.deepEqual([text.error, protobuf.error], [undefined, undefined]);
    assert.deepEqual(seriesOf(protobuf), seriesOf(text));
    series += text.samples.length;
  }
  assert.ok(series > stores.length);
  t.diagnostic(`${stores.length} stores, ${series} series`);
});
