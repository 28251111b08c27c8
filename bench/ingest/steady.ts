/**
 * What the service takes of a core while all series are sent every 15 s, as applications do: with `--keep`, two snapshots fall
 * into a round.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { BenchCase } from '../bench-case.ts';
import { type Load, requestsOf } from './payloads.ts';
import { createHttpSender, httpFrame } from './send.ts';
import { kept, startServer } from './server.ts';

const load: Load = { kind: 'gauge', points: 1_000, series: 100_000, attributes: 4 };
const everyMs = 15_000;
const pushes = 4;
/** What a push has begun is over by then. */
const calmMs = 1_500;

export const steady: BenchCase = {
  suite: 'ingest',
  name: 'keep-steady',
  what: '100,000 gauges, all of them sent every 15 s in requests of 1,000 points; processor time of all threads, in percent of a core, over a minute: in all, and while nothing is sent, when snapshots are written as often as not',
  contenders: ['meterbridge', kept],
  rounds: 1,
  quickRounds: 1,
  fullOnly: true,
  async prepare(contender) {
    const server = await startServer(contender);
    const { send } = await createHttpSender(server);
    const push = () => send(requestsOf(load, Date.now()).map(httpFrame(false)));
    await push();
    return async () => {
      const from = performance.now();
      const before = server.cpu();
      let calm = 0;
      for (let at = 0; at < pushes; at++) {
        await push();
        await sleep(calmMs);
        const calmFrom = server.cpu();
        await sleep(Math.max(0, from + (at + 1) * everyMs - performance.now()));
        calm += server.cpu() - calmFrom;
      }
      const share = 100_000 / (performance.now() - from);
      return { '% of a core': (server.cpu() - before) * share, '% of a core, calm': calm * share };
    };
  },
};
