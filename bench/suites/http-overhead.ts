/** What HTTP metrics add to a request: the processor time of the server's process, beside the same app without any. */
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { BenchCase, Round } from '../bench-case.ts';
import { appOf, contendersOf } from '../http/measured-apps.ts';

const amount = { quick: 3_000, full: 10_000 };
/** Until V8 has compiled what a request runs. */
const warmUps = 3;
const connections = 16;
const autocannon = fileURLToPath(import.meta.resolve('autocannon'));

const what = 'a `GET /orders/7` of a small JSON answer over 16 kept connections; `empty`: the same app without metrics';

export const cases: readonly BenchCase[] = (['fastify', 'express'] as const).map((framework) => ({
  suite: 'http-overhead',
  name: `overhead-${framework}`,
  what: `${what}, ${framework === 'fastify' ? 'Fastify 5' : 'Express 5'}`,
  contenders: contendersOf(framework),
  rounds: 31,
  quickRounds: 9,
  async prepare(contender, quick): Promise<Round> {
    const { url, counted } = await appOf(framework, contender);
    const times = quick ? amount.quick : amount.full;
    let asked = 0;
    async function load(): Promise<number> {
      const before = process.cpuUsage();
      const { stdout } = await promisify(execFile)(process.execPath, [
        autocannon,
        '--json',
        '--no-progress',
        ...['--connections', String(connections), '--amount', String(times)],
        url,
      ]);
      const { user, system } = process.cpuUsage(before);
      const answered = JSON.parse(stdout)['2xx'];
      if (answered !== times) throw new Error(`${answered} of ${times} requests were answered with 2xx`);
      asked += times;
      return (user + system) / times;
    }
    for (let time = 0; time < warmUps; time++) await load();
    const shown = await counted();
    if (shown !== undefined && shown !== asked) throw new Error(`BUG: ${contender} counted ${shown} of ${asked} requests`);
    return async () => {
      globalThis.gc?.();
      return { 'CPU µs/request': await load() };
    };
  },
}));
