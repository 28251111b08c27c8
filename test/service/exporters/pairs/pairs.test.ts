/**
 * Each exporter beside each other one, ahead of it and behind it, while the next receiver comes and goes: each gets what was
 * sent.
 */
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { codes } from '../../../../src/formats/otlp/export-answers.ts';
import { components } from '../../../../src/service/components.ts';
import { sampleOf } from '../../../full.ts';
import { until } from '../../../until.ts';
import { noOwnMetrics, startFrom } from '../../graph/rig.ts';
import { type FarSide, startFarSide } from './far-side.ts';
import { pointsOfDebug, pointsOfFile, pointsOfPage } from './outputs.ts';
import { type PlayedReceiver, playedReceiver } from './played-receiver.ts';
import { createDaemons, type PointText, type Sent, senders } from './senders.ts';

const requests = 60;
/** So many requests come while the next receiver works, and so many while it does not. */
const turn = 15;

const sendingOn = {
  otlp_http: 'compression: none',
  json: 'compression: none, encoding: json',
  gzip: 'compression: gzip',
  max_size: 'compression: none',
} as const;
const kinds = [...(Object.keys(sendingOn) as (keyof typeof sendingOn)[]), 'debug', 'file', 'prometheus', 'nop'] as const;
type Kind = (typeof kinds)[number];

const processors = {
  memory_limiter: 'check_interval: 1s, limit_mib: 100000',
  batch: 'timeout: 1ms, send_batch_size: 30, send_batch_max_size: 40',
  attributes: 'actions: [{key: env, action: insert, value: prod}, {key: secret, action: delete}]',
} as const;
const ways = ['plain', 'batch', 'two pipelines', 'memory_limiter', 'attributes'] as const;
type Way = (typeof ways)[number];

for (const way of sampleOf(ways))
  describe(way, { concurrency: kinds.length }, () => {
    for (const first of kinds)
      test(`${first} beside each other exporter`, async (t) => {
        const far = await startFarSide(t);
        const folder = mkdtempSync(join(tmpdir(), 'meterbridge-pairs-'));
        t.after(() => rmSync(folder, { recursive: true, force: true }));
        const others = kinds.filter((kind) => kind !== first);
        const receiver = playedReceiver();
        const service = await startFrom(t, yamlOf(way, first, others, { far: far.url, folder }), [
          ...components,
          receiver.factory,
        ]);
        const pages = service.urls();
        const sent = await Promise.all(
          others.map((_, pair) => sendAll((request) => receiver.send(`played/${pair}`, request), way, far)),
        );
        far.works = true;
        const given = (pair: number) => [first, others[pair] as Kind] as const;
        const pageOf = pagesIn(
          others.map((_, pair) => given(pair)),
          pages,
        );
        for (const [pair, { sent: all }] of sent.entries())
          for (const [place, kind] of given(pair).entries()) await settled(kind, `${pair}-${place}`, all, far, pageOf);
        await service.shutdown();
        for (const [pair, { sent: all }] of sent.entries())
          for (const [place, kind] of given(pair).entries()) checkWritten(kind, `${pair}-${place}`, all, { far, folder });
        assert.doesNotMatch(service.log(), /fail(?!s and is tried again|ed attempt)/);
      });
  });

function yamlOf(way: Way, first: Kind, others: readonly Kind[], where: { far: string; folder: string }): string {
  const through = way === 'plain' || way === 'two pipelines' ? '' : way;
  const exporters: string[] = [];
  const pipelines: string[] = [];
  for (const [pair, second] of others.entries()) {
    const ids = [first, second].map((kind, place) => {
      const id = `${typeOf(kind)}/${pair}-${place}`;
      exporters.push(`  ${id}: {${settingsOf(kind, `${pair}-${place}`, where)}}`);
      return id;
    });
    const pipeline = (name: string, to: readonly string[]) =>
      pipelines.push(
        `    metrics/${name}: {receivers: [played/${pair}], processors: [${through}], exporters: [${to.join(', ')}]}`,
      );
    if (way !== 'two pipelines') pipeline(`${pair}`, ids);
    else for (const [place, id] of ids.entries()) pipeline(`${pair}-${place}`, [id]);
  }
  return `receivers:
${others.map((_, pair) => `  played/${pair}: {}`).join('\n')}
processors: {${through === '' ? '' : `${through}: {${processors[through]}}`}}
exporters:
${exporters.join('\n')}
service:
  ${noOwnMetrics}
  pipelines:
${pipelines.join('\n')}
`;
}

function typeOf(kind: Kind): string {
  return kind in sendingOn ? 'otlp_http' : kind;
}

function settingsOf(kind: Kind, place: string, { far, folder }: { far: string; folder: string }): string {
  if (kind === 'debug') return `verbosity: normal, use_internal_logger: false, output_paths: ["${join(folder, `${place}.txt`)}"]`;
  if (kind === 'file') return `path: "${join(folder, `${place}.jsonl`)}"`;
  if (kind === 'prometheus') return 'endpoint: 127.0.0.1:0, without_scope_info: true';
  if (kind === 'nop') return '';
  const batch = kind === 'max_size' ? ', batch: {flush_timeout: 1ms, min_size: 5, max_size: 7, sizer: items}' : '';
  const retry = 'retry_on_failure: {initial_interval: 1ms, max_interval: 2ms, max_elapsed_time: 0s}';
  return `metrics_endpoint: "${far}/${place}", ${sendingOn[kind]}, ${retry}, sending_queue: {queue_size: 8, sizer: requests, num_consumers: 2${batch}}`;
}

/** Sends each request until it was taken, as the norm asks of senders. */
async function sendAll(
  send: (request: Uint8Array) => ReturnType<PlayedReceiver['send']>,
  way: Way,
  far: FarSide,
): Promise<{ readonly sent: Sent }> {
  const daemons = createDaemons(
    way === 'attributes' ? { attributes: ({ secret: _, ...kept }) => ({ ...kept, env: 'prod' }) } : {},
  );
  for (let number = 0; number < requests; number++) {
    far.works = Math.floor(number / turn) % 2 === 0;
    const request = daemons.request((number * 5 + Math.floor(number / senders)) % senders);
    await until('taken', async () => {
      const { code, ...rest } = await send(request);
      if (code === undefined) assert.deepEqual(rest, { rejected: 0, why: '' });
      else assert.equal(code, codes.unavailable);
      if (code !== undefined) far.works = true;
      return code === undefined;
    });
  }
  return daemons;
}

/**
 * The URLs of the pages by the place of their exporter: the log names them in the order of their start, which is that of the
 * pipelines.
 */
function pagesIn(pairs: readonly (readonly [Kind, Kind])[], urls: readonly string[]): (place: string) => string {
  const places = pairs.flatMap((kinds, pair) =>
    kinds.flatMap((kind, place) => (kind === 'prometheus' ? `${pair}-${place}` : [])),
  );
  assert.equal(places.length, urls.length);
  return (place) => urls[places.indexOf(place)] as string;
}

/** Waits until an exporter that has a last word has said it. */
async function settled(kind: Kind, place: string, sent: Sent, far: FarSide, pageOf: (place: string) => string): Promise<void> {
  const last = sent.last();
  if (kind in sendingOn)
    await until(`sent on (${place})`, () => {
      const there = new Set(far.points(`/${place}`));
      return last.every((point) => there.has(point));
    });
  if (kind !== 'prometheus') return;
  const shown = async () => pointsOfPage(await (await fetch(pageOf(place))).text()).toSorted();
  let points: readonly PointText[] = [];
  await until('shown', async () => {
    points = await shown();
    return points.length === last.length && points.every((point) => last.includes(point));
  });
  assert.deepEqual(points, last.toSorted());
}

function checkWritten(kind: Kind, place: string, sent: Sent, { far, folder }: { far: FarSide; folder: string }): void {
  if (kind === 'debug') equal(pointsOfDebug(readFileSync(join(folder, `${place}.txt`), 'utf8')), sent);
  if (kind === 'file') equal(pointsOfFile(readFileSync(join(folder, `${place}.jsonl`), 'utf8')), sent);
  // Its queue leaves out what newer points supersede.
  if (kind in sendingOn) for (const point of far.points(`/${place}`)) assert.ok(sent.all.has(point), `${point} was not sent`);
}

/** What a sender has sent again may stand there twice. */
function equal(points: readonly PointText[], sent: Sent): void {
  assert.deepEqual([...new Set(points)].toSorted(), [...sent.all].toSorted());
}
