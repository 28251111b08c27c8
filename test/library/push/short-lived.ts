/** A program that lives about 50 ms, run by the tests: argv is the receiver's URL, whether it closes, and the exporter. */
import { setTimeout as sleep } from 'node:timers/promises';
import { createProducer, resolvePush, startPush } from '../../../src/library/push/index.ts';
import type { Exporter } from '../../../src/library/push/settings/protocol.ts';
import { smallStore } from './sources.ts';

const [endpoint = '', closes, exporter] = process.argv.slice(2);
const log = (line: string) => process.stderr.write(`${line}\n`);
const settings = resolvePush({ endpoint, exporter: exporter as Exporter }, {}, { serviceName: 'short', log });
if (settings === undefined) throw new Error('push is off');
const { store } = smallStore();
const read = { view: store.view, refresh: async () => {} };
const push = startPush({ ...read, settings, producer: createProducer(read), log });
await sleep(50);
if (closes === 'close') await push.close(60_000);
