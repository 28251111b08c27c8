/**
 * Processes that push a counter each, as SDKs do behind a Service: each push to another Collector. What they have sent is known.
 */
import { setTimeout as sleep } from 'node:timers/promises';

export interface Senders {
  /** By `service.instance.id`: when each value was sent, in milliseconds since the epoch, the oldest first. */
  readonly sent: ReadonlyMap<string, readonly (readonly [at: number, value: number])[]>;
  /** Pushes that no Collector took at the first attempt; each was sent again. */
  retried(): number;
  /** Resolves when all have ended. */
  stop(): Promise<void>;
}

export interface SendersOptions {
  readonly service: string;
  readonly count: number;
  readonly everyMs: number;
  readonly temporality: 'cumulative' | 'delta';
  /** Where each of them pushes, for its push number. */
  readonly endpoint: (sender: number, push: number) => string;
}

const temporalities = { delta: 1, cumulative: 2 } as const;
const nanoseconds = (ms: number) => `${Math.round(ms)}000000`;

export function startSenders(options: SendersOptions): Senders {
  const { service, count, everyMs, temporality, endpoint } = options;
  const sent = new Map<string, (readonly [number, number])[]>();
  let stopped = false;
  let retried = 0;

  async function run(sender: number): Promise<void> {
    const instance = `${service}-${sender}`;
    const log: (readonly [number, number])[] = [];
    sent.set(instance, log);
    let start = Date.now();
    await sleep((everyMs * sender) / count);
    for (let push = 1; !stopped; push++) {
      const now = Date.now();
      const dataPoints = [
        { startTimeUnixNano: nanoseconds(start), timeUnixNano: nanoseconds(now), asInt: temporality === 'delta' ? 1 : push },
      ];
      if (temporality === 'delta') start = now;
      log.push([now, push]);
      const body = bodyOf(service, instance, {
        aggregationTemporality: temporalities[temporality],
        isMonotonic: true,
        dataPoints,
      });
      while (!(await took(endpoint(sender, push), body))) {
        retried += 1;
        await sleep(100);
      }
      await sleep(Math.max(0, now + everyMs - Date.now()));
    }
  }

  const running = Array.from({ length: count }, (_, sender) => run(sender));
  return Object.freeze({
    sent,
    retried: () => retried,
    async stop() {
      stopped = true;
      await Promise.all(running);
    },
  });
}

function bodyOf(service: string, instance: string, sum: object): string {
  const attributes = Object.entries({ 'service.name': service, 'service.instance.id': instance });
  const resource = { attributes: attributes.map(([key, stringValue]) => ({ key, value: { stringValue } })) };
  return JSON.stringify({ resourceMetrics: [{ resource, scopeMetrics: [{ metrics: [{ name: 'jobs.done', sum }] }] }] });
}

async function took(endpoint: string, body: string): Promise<boolean> {
  try {
    const response = await fetch(`${endpoint}/v1/metrics`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body,
    });
    await response.body?.cancel();
    return response.status === 200;
  } catch {
    return false;
  }
}
