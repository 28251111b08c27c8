/** A program that lives about 50 ms, run by the tests: argv is the receiver's URL, and whether it closes. */
import { setTimeout as sleep } from 'node:timers/promises';
import { createProducer, resolvePush, startPush } from '../../src/push/index.ts';
import { smallStore } from './sources.ts';

const [endpoint = '', closes] = process.argv.slice(2);
const log = (line: string) => process.stderr.write(`${line}\n`);
const settings = resolvePush({ endpoint }, {}, { serviceName: 'short', log });
if (settings === undefined) throw new Error('push is off');
const { store } = smallStore();
const push = startPush({ settings, producer: createProducer({ view: store.view, refresh: async () => {} }), log });
await sleep(50);
if (closes === 'close') await push.close();
