/**
 * `meterbridge serve` with a queue on disk, ended by `kill -9` again and again while five senders send and a receiver fails now
 * and then.
 */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Service, startService } from '../../conformance/service.ts';

import { until } from '../../until.ts';
import { startReceiver } from '../exporters/otlp-http/receiver.ts';
import { arrivedIn, missing, outOfOrder, repeats } from './record.ts';
import { startSenders } from './senders.ts';

export interface KillsOptions {
  readonly kills: number;
  /** From 0 to 1. */
  readonly random: () => number;
  readonly storage?: { readonly fsync: boolean };
}

/** The longest time from a start to the kill. */
const mostMs = 400;

/** Rejects where an acknowledged point is missing or out of order, or came twice and was not under way at a kill. */
export async function killed(
  t: TestContext,
  { kills, random, storage = { fsync: false } }: KillsOptions,
): Promise<{ readonly requests: number; readonly twice: number }> {
  const directory = mkdtempSync(join(tmpdir(), 'meterbridge-kills-'));
  t.after(() => rmSync(directory, { recursive: true, force: true }));
  const receiver = await startReceiver(t);
  const taken: Uint8Array[] = [];
  let asked = 0;
  receiver.answer = ({ body }) => {
    if (++asked % 7 === 0) return { status: 503 };
    taken.push(body);
    return { status: 200 };
  };
  const start = () =>
    startService(
      t,
      {
        otlp_http: {
          endpoint: receiver.origin,
          compression: 'none',
          sending_queue: { num_consumers: 1, queue_size: 100_000, storage: 'file_storage' },
          retry_on_failure: { initial_interval: '2ms', max_interval: '2ms', max_elapsed_time: '20ms' },
        },
      },
      { file_storage: { directory, ...storage } },
    );
  let service: Service = await start();
  const load = startSenders(() => new URL(service.endpoint).host);
  /** Requests that were under way at a kill: on their way in, or on their way out. */
  const underWay = new Set<string>();
  for (let kill = 0; kill < kills; kill++) {
    await sleep(random() * mostMs);
    await service.kill();
    for (const [sender, newest] of load.acknowledged.entries()) underWay.add(`${newest + 1} of ${sender}`);
    for (const body of taken.slice(-mostOut)) underWay.add(requestIn(body));
    service = await start();
  }
  const before = Math.max(...load.acknowledged);
  await until('sent', () => load.acknowledged.every((newest) => newest > before));
  await load.stop();
  await until('arrived', () => missing(arrivedIn(taken), load.acknowledged).length === 0);
  await service.stop();
  const known = new Set<string>();
  const twice = taken.filter((body) => known.size === known.add(requestIn(body)).size);
  for (const body of twice)
    assert.ok(underWay.has(requestIn(body)), `came twice, and was not under way at a kill: ${requestIn(body)}`);
  const once = arrivedIn(taken.filter((body) => !twice.includes(body)));
  assert.deepEqual(outOfOrder(once), []);
  assert.equal(repeats(once), 0);
  assert.deepEqual(missing(once, load.acknowledged), []);
  return { requests: load.acknowledged.reduce((sum, newest) => sum + newest), twice: twice.length };
}

/** With one consumer: the request that is being sent, and one that was answered and is not noted as done. */
const mostOut = 2;

/** `NUMBER of SENDER`. */
function requestIn(body: Uint8Array): string {
  const [[series = '', [number]] = ['', []]] = [...arrivedIn([body])];
  return `${number} ${series.slice(series.indexOf('of'))}`;
}
