/** Meterbridge behind each of its ways to HTTP. */
import { createServer } from 'node:http';
import { contract, counter, gauge, identity, meterbridge, nodeListener, oneOf } from '../../src/index.ts';
import { type Labels, labelSets, listening, methods, type Program, queueSize, type Serve } from './program.ts';

/** The largest that the options take. */
const unlimited = 2 ** 31 - 1;

function program({ series, observed }: Program) {
  const labels = { method: oneOf(...methods), route: identity({ limit: series }) };
  const requests = counter({ help: 'Requests.', labels, zeroFilled: false });
  const scrape = { maxBytes: unlimited };
  const options = { env: {}, isolated: true, push: false, log: () => {}, scrape } as const;
  const sets = labelSets(series);
  if (!observed) {
    const bridge = meterbridge(contract('shop', { requests }), options);
    return { bridge, count: counting(sets, (one) => bridge.metrics.requests.add(1, one)) };
  }
  const bridge = meterbridge(contract('shop', { requests, queue: gauge({ observed: true, help: 'Jobs that wait.' }) }), options);
  bridge.metrics.queue.observe(queueSize);
  return { bridge, count: counting(sets, (one) => bridge.metrics.requests.add(1, one)) };
}

function counting(sets: readonly Labels[], add: (labels: Labels) => void): (series: number) => void {
  for (const labels of sets) add(labels);
  return (series) => add(sets[series] as Labels);
}

const listener =
  (thread: boolean): Serve =>
  async (asked) => {
    const { bridge, count } = program(asked);
    return { url: (await bridge.listen('127.0.0.1:0', { thread })).url, count };
  };

export const ours: Readonly<Record<string, Serve>> = {
  meterbridge: listener(false),
  'meterbridge-thread': listener(true),
  async 'meterbridge-node'(asked) {
    const { bridge, count } = program(asked);
    return { url: await listening(createServer(nodeListener(bridge.scrape))), count };
  },
  async 'meterbridge-fastify'(asked) {
    const { bridge, count } = program(asked);
    const { default: fastify } = await import('fastify');
    const { fastifyMetrics } = await import('../../src/fastify.ts');
    const app = fastify();
    await app.register(fastifyMetrics(bridge));
    return { url: `${await app.listen({ port: 0, host: '127.0.0.1' })}/metrics`, count };
  },
};
