/** Five senders as SDKs are: each sends a request again until it is answered 200, and only then the next one. */
import { setTimeout as sleep } from 'node:timers/promises';
import { send } from '../receivers/otlp/http-client.ts';

export const senders = 5;
/** What each request has a point of; the point's time is the request's number in ms. */
export const metrics = ['total', 'delta', 'level', 'duration'] as const;
const pauseMs = 5;

/** Of a request: when it was first sent, and when it was answered 200. */
export interface Times {
  readonly sent: number;
  answered: number;
}

export interface Senders {
  /** By sender, the number of the newest request that was answered 200: all before it were, too. */
  readonly acknowledged: readonly number[];
  /** By sender, of the requests 1, 2, …; the last one may have had no answer. */
  readonly times: readonly (readonly Times[])[];
  stop(): Promise<void>;
}

/** @param host whom to send to now: it may be another one after a restart; @param now what times are noted by */
export function startSenders(host: () => string, now: () => number = Date.now): Senders {
  const acknowledged: number[] = Array.from({ length: senders }, () => 0);
  const times: Times[][] = acknowledged.map(() => []);
  let going = true;

  async function sending(sender: number): Promise<void> {
    for (let number = 1; going; number++) {
      const body = bodyOf(sender, number);
      const own: Times = { sent: now(), answered: Number.POSITIVE_INFINITY };
      times[sender]?.push(own);
      for (let answered = false; !answered; ) {
        const answer = await send(host(), { headers: { 'content-type': 'application/json' }, body }).catch(() => undefined);
        answered = answer?.status === 200;
        if (answered) own.answered = now();
        if (!answered && !going) return;
        await sleep(pauseMs);
      }
      acknowledged[sender] = number;
    }
  }

  const all = Promise.all(acknowledged.map((_, sender) => sending(sender)));
  return {
    acknowledged,
    times,
    async stop() {
      going = false;
      await all;
    },
  };
}

function bodyOf(sender: number, number: number): string {
  const nanos = (ms: number) => String(BigInt(ms) * 1_000_000n);
  const times = { startTimeUnixNano: nanos(0), timeUnixNano: nanos(number) };
  const change = { startTimeUnixNano: nanos(number - 1), timeUnixNano: nanos(number), asInt: '1' };
  const histogram = { ...times, count: String(number), sum: number, bucketCounts: [String(number), '0'], explicitBounds: [1] };
  const listed = [
    { name: 'total', sum: { aggregationTemporality: 2, isMonotonic: true, dataPoints: [{ ...times, asInt: String(number) }] } },
    { name: 'delta', sum: { aggregationTemporality: 1, isMonotonic: true, dataPoints: [change] } },
    { name: 'level', gauge: { dataPoints: [{ ...times, asDouble: number / 2 }] } },
    { name: 'duration', histogram: { aggregationTemporality: 2, dataPoints: [histogram] } },
  ];
  const resource = { attributes: [{ key: 'service.instance.id', value: { stringValue: String(sender) } }] };
  return JSON.stringify({ resourceMetrics: [{ resource, scopeMetrics: [{ metrics: listed }] }] });
}
