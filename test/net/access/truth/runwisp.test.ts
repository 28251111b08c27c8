/** RunWisp's endpoint, against the table typed in `runwisp.ts`. */
import { fastify } from 'fastify';
import {
  mountRunwispMetrics,
  resolveRunwispMetrics,
  runwisp,
  runwispRecorder,
} from '../../../../instrumentation/runwisp/index.ts';
import { bearer, guarded, secret, unauthorized } from '../../../../src/access.ts';
import { type Handler, nodeListener } from '../../../../src/index.ts';
import { testBridge } from '../../../../src/testing.ts';
import { now, probes } from '../../../instrumentation/runwisp/probes.ts';
import { nothingHere, routed } from './places.ts';
import * as truth from './runwisp.ts';
import { canFail, type Start, tests } from './table.ts';

const daemonTable: Readonly<Record<string, Record<string, unknown>>> = {
  disabled: {},
  enabled: { metrics_enabled: true },
  'with metrics_listen': { metrics_enabled: true, metrics_listen: '127.0.0.1:0' },
};

const start =
  (spoil = (handler: Handler) => handler): Start =>
  (config) => {
    const { bridge, clock } = testBridge(runwisp, { scrape: { onStale: 'fail' } });
    clock.advance(now - clock());
    let collected = 0;
    const tasks = () => {
      collected++;
      return probes().tasks();
    };
    runwispRecorder(bridge, probes({ clock, tasks }));
    const table = daemonTable[config] ?? {};
    return {
      mount: (app) => mountRunwispMetrics({ app, bridge, config: resolveRunwispMetrics(table) }),
      onNode: () => {
        const metrics = routed(nodeListener(spoil(bridge.scrape), nothingHere));
        return (request, response) => {
          if (request.url !== '/health' || request.method !== 'GET') return metrics(request, response);
          response.writeHead(200, { 'content-type': 'text/plain; charset=utf-8', 'content-length': '2' }).end('ok');
        };
      },
      async onListener(address, thread) {
        const inThread = {
          scrape: bridge.scrape,
          listen: (at: string, options = {}) => bridge.listen(at, { ...options, thread }),
        };
        const listening = resolveRunwispMetrics({ ...table, metrics_listen: address, metrics_listen_public: true });
        const { url } = await mountRunwispMetrics({ app: fastify(), bridge: inThread, config: listening });
        return Number(new URL(url as string).port);
      },
      collected: () => collected,
      close: () => bridge.close(),
    };
  };

tests('RunWisp', truth, start());
canFail('RunWisp', truth, start(), {
  'a gate where none belongs': start((scrape) => guarded(scrape, { gate: bearer(secret('x')), refusal: unauthorized() })),
  'a callback run for HEAD': start((scrape) => async (request) => {
    if (request.method === 'HEAD') await scrape({ ...request, method: 'GET' });
    return scrape(request);
  }),
});
