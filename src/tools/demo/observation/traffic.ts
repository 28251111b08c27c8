/** Customers of the shop, and the responses to them: the demonstration's own record, with which the metrics are compared. */
import { Agent, request } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Samples, seriesOf } from './samples.ts';

export interface Traffic {
  /** The values that the shop's metrics must have, by the responses so far. */
  recorded(): Samples;
  /** How long the oldest request that is under way has waited, in milliseconds; 0: none. */
  waitingMs(): number;
  /** Sends no more, and waits for the last responses. */
  stop(): Promise<void>;
}

/** Customers at a time, each with a pause of up to 300 ms between two requests: some 25 requests a second. */
const customers = 4;
const mostPauseMs = 300;
/** Longer than the button blocks the shop. */
const timeoutMs = 30_000;

/** How often each is requested, out of ten. */
const requests: readonly (readonly [share: number, method: string, path: () => string, route: string])[] = [
  [5, 'GET', () => `/products/${1 + Math.floor(9 * Math.random())}`, '/products/:id'],
  [3, 'POST', () => '/orders', '/orders'],
  [1, 'GET', () => '/orders', '/orders'],
  [1, 'GET', () => '/favicon.ico', 'other'],
];
const choices = requests.flatMap((choice) => Array.from({ length: choice[0] }, () => choice));

/** @param api base URL of the shop */
export function startTraffic(api: string): Traffic {
  const answers = new Map<string, number>();
  const agent = new Agent({ keepAlive: true });
  const ended = new AbortController();
  const underWay = new Set<{ readonly at: number }>();
  const count = (series: string) => answers.set(series, (answers.get(series) ?? 0) + 1);

  async function shopping(): Promise<void> {
    while (!ended.signal.aborted) {
      const [, method, path, route] = choices[Math.floor(choices.length * Math.random())] as (typeof choices)[number];
      const asked = { at: performance.now() };
      underWay.add(asked);
      const status = await ask(new URL(path(), api), method, agent).finally(() => underWay.delete(asked));
      count(seriesOf('shop_requests_total', Object.entries({ method, route, status: String(status) })));
      count(seriesOf('shop_request_duration_seconds_count', [['route', route]]));
      await sleep(mostPauseMs * Math.random(), undefined, { signal: ended.signal }).catch(() => {});
    }
  }
  // A shop that has gone no longer responds: what waits for it reports that.
  const all = Promise.allSettled(Array.from({ length: customers }, shopping));
  return {
    recorded: () => new Map(answers),
    waitingMs: () => (underWay.size === 0 ? 0 : performance.now() - Math.min(...[...underWay].map(({ at }) => at))),
    async stop() {
      ended.abort();
      await all;
      agent.destroy();
    },
  };
}

function ask(url: URL, method: string, agent: Agent): Promise<number> {
  return new Promise((resolve, reject) => {
    const asked = request(url, { method, agent, timeout: timeoutMs }, (answer) => {
      answer.resume().once('end', () => resolve(answer.statusCode ?? 0));
    });
    asked.once('timeout', () => asked.destroy(new Error(`${url} does not respond`))).once('error', reject);
    asked.end();
  });
}
