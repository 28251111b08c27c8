/**
 * Five senders of 100 points a second each, to be run as a process of their own: `honest.ts HTTP GRPC NAME`. Each has ten series,
 * whose value is the number of its request. A request that had to wait for the last one's answer counts from when it was due.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { requestOf, type SentMetric } from '../service/received/sender.ts';
import { frame } from '../service/receivers/otlp/grpc-client.ts';
import { grpcCalls } from './grpc-calls.ts';
import { seriesOfSender } from './page.ts';
import { agent as oneConnection, request } from './reach.ts';

export interface Answered {
  readonly sender: string;
  /** The value of all series of the request. */
  readonly number: number;
  /** When it was due, in ms since 1970. */
  readonly due: number;
  readonly ms: number;
  /** `200`, or what else came. */
  readonly status: string;
  /** How late the sender itself woke up, which is the machine's doing: a part of `ms`. */
  readonly late: number;
}

const senders = 5;
const everyMs = 100;
const patienceMs = 20_000;
const [http, grpc, name] = process.argv.slice(2) as [string, string, string];
const begun = Date.now();
const now = () => performance.timeOrigin + performance.now();
let going = true;

function body(sender: string, value: number): Uint8Array {
  const points = Array.from({ length: seriesOfSender / 2 }, (_, at) => ({
    attributes: { at: String(at) },
    start: BigInt(begun) * 1_000_000n,
    time: BigInt(Date.now()) * 1_000_000n,
    int: value,
  }));
  const metrics: SentMetric[] = [
    { name: 'honest.level', type: 'gauge', points },
    { name: 'honest.requests', type: 'sum', temporality: 2, monotonic: true, points },
  ];
  return requestOf({ attributes: { 'service.name': 'honest', 'service.instance.id': sender }, metrics });
}

type Send = (body: Uint8Array) => Promise<string>;

function overHttp(): Send {
  const agent = oneConnection();
  const headers = { 'content-type': 'application/x-protobuf' };
  return (bytes) =>
    new Promise((resolve) => {
      const sent = request(http, { method: 'POST', path: '/v1/metrics', headers, agent, timeout: patienceMs });
      sent.on('timeout', () => sent.destroy(new Error('no answer')));
      sent.on('response', (response) => {
        const parts: Buffer[] = [];
        response.on('data', (part: Buffer) => parts.push(part));
        response.once('close', () => resolve(said(String(response.statusCode), Buffer.concat(parts))));
      });
      sent.on('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
      sent.end(bytes);
    });
}

function overGrpc(): Send {
  const call = grpcCalls(grpc);
  return async (bytes) => {
    try {
      const answer = await call(frame(bytes));
      return said(answer.grpcStatus === 0 ? '200' : `grpc ${answer.grpcStatus} ${answer.message}`, answer.body.subarray(5));
    } catch (error) {
      return (error as NodeJS.ErrnoException).code ?? String(error);
    }
  };
}

/** The answer to a request all of whose points were taken is empty. */
function said(status: string, answer: Buffer): string {
  return answer.length === 0 ? status : `${status}, ${JSON.stringify(answer.toString('latin1').slice(0, 200))}`;
}

async function sending(at: number): Promise<void> {
  const sender = `${name}${at}`;
  const send = at < 3 ? overHttp() : overGrpc();
  let due = now() + (at * everyMs) / senders;
  for (let value = 1; going; value++, due += everyMs) {
    const early = due - now();
    if (early > 0) await sleep(early);
    const late = early > 0 ? now() - due : 0;
    const status = await send(body(sender, value));
    const answered: Answered = { sender, number: value, due, ms: now() - due, status, late };
    process.send?.(answered);
  }
}

process.once('message', () => {
  going = false;
});
await Promise.all(Array.from({ length: senders }, (_, at) => sending(at)));
process.exit();
