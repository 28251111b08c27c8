/** The same small API on each framework, with the HTTP metrics of one contender, or with none. */
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import express from 'express';
import fastify, { type FastifyInstance, type FastifyPluginAsync } from 'fastify';
import { httpServerMetrics } from '../../src/http-metrics.ts';
import { contract, meterbridge } from '../../src/index.ts';

export interface MeasuredApp {
  readonly url: string;
  /** Requests that the contender's metrics show. Undefined: it has none. */
  counted(): Promise<number | undefined>;
}

type Counted = MeasuredApp['counted'];
/** Registers the contender's metrics on an app, and says how many requests they show. */
type Install<App> = (app: App) => Counted | Promise<Counted>;

function opened() {
  const bridge = meterbridge(contract('bench', {}), { env: {}, isolated: true, push: false });
  return {
    bridge,
    async counted() {
      const samples = (await bridge.gather()).flatMap((family) => family.samples);
      return samples.filter(({ name }) => isCount.test(name)).reduce((sum, { value }) => sum + value, 0);
    },
  };
}

const isCount = /^http_(server_)?request_duration_seconds_count/;

function countedIn(text: string): number {
  const lines = text.split('\n').filter((line) => isCount.test(line));
  return lines.reduce((sum, line) => sum + Number(line.slice(line.lastIndexOf(' '))), 0);
}

async function nothing(): Promise<undefined> {}

const byFastify: Readonly<Record<string, Install<FastifyInstance>>> = {
  meterbridge(app) {
    const { bridge, counted } = opened();
    app.register(httpServerMetrics(bridge).fastify);
    return counted;
  },
  'meterbridge-same-names'(app) {
    const { bridge, counted } = opened();
    app.register(httpServerMetrics(bridge, { names: 'fastify-metrics' }).fastify);
    return counted;
  },
  async 'fastify-metrics'(app) {
    const plugin = (await import('fastify-metrics')).default as unknown as FastifyPluginAsync<{
      endpoint: string;
      defaultMetrics: object;
    }>;
    await app.register(plugin, { endpoint: '/metrics', defaultMetrics: { enabled: false } });
    return async () => countedIn((await app.inject('/metrics')).body);
  },
  empty: () => nothing,
};

const byExpress: Readonly<Record<string, Install<express.Express>>> = {
  meterbridge(app) {
    const { bridge, counted } = opened();
    app.use(httpServerMetrics(bridge).express);
    return counted;
  },
  async 'express-prom-bundle'(app) {
    app.use((await import('express-prom-bundle')).default({ includeMethod: true, includePath: true }));
    const { register } = (await import('prom-client')).default;
    return async () => countedIn(await register.metrics());
  },
  empty: () => nothing,
};

const listens: Readonly<Record<Framework, (contender: string) => Promise<MeasuredApp>>> = {
  async fastify(contender) {
    const app = fastify();
    const counted = (await byFastify[contender]?.(app)) ?? nothing;
    app.get('/orders/:id', async () => ({ ok: true }));
    return { url: `${await app.listen({ port: 0, host: '127.0.0.1' })}/orders/7`, counted };
  },
  async express(contender) {
    const app = express();
    const counted = (await byExpress[contender]?.(app)) ?? nothing;
    app.get('/orders/:id', (_, response) => void response.json({ ok: true }));
    const server = createServer(app);
    await once(server.listen(0, '127.0.0.1'), 'listening');
    return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/orders/7`, counted };
  },
};

export type Framework = 'fastify' | 'express';

export function contendersOf(framework: Framework): readonly string[] {
  return Object.keys(framework === 'fastify' ? byFastify : byExpress);
}

export function appOf(framework: Framework, contender: string): Promise<MeasuredApp> {
  return listens[framework](contender);
}
