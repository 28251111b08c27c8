/** A middleware behind the routes never sees their requests, and would say nothing. */
import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { test } from 'node:test';
import express from 'express';
// @ts-expect-error the types are those of Express 5
import express4 from 'express-4';
import { httpServerMetrics } from '../../../src/http-metrics.ts';
import { contract } from '../../../src/index.ts';
import { testBridge } from '../../../src/testing.ts';
import { until } from '../../until.ts';
import { ask, listening } from './served.ts';

for (const [name, create] of [
  ['Express 5', express],
  ['Express 4', express4 as unknown as typeof express],
] as const) {
  test(`${name}: routes and routers ahead of http.express are one line`, async (t) => {
    const { bridge, log } = testBridge(contract('app', {}));
    const http = httpServerMetrics(bridge);
    const app = create();
    app.get('/orders/:id', (_, response) => void response.send('ok'));
    app.use('/api', create.Router());
    app.use(http.express);
    const port = await listening(t, createServer(app));
    await ask(port, '/orders/1');
    await until('said', () => log.length > 0);
    await ask(port, '/orders/2');
    assert.deepEqual(log, [
      'httpServerMetrics: http.express measures what comes after it, and these come before it in the Express app: /orders/:id, a router. Fix: app.use(http.express) first',
    ]);
  });

  test(`${name}: ahead of them, or behind a middleware, it is none`, async (t) => {
    const { bridge, log } = testBridge(contract('app', {}));
    const http = httpServerMetrics(bridge);
    const app = create();
    app.use(create.json());
    app.use(http.express);
    app.get('/orders/:id', (_, response) => void response.send('ok'));
    const port = await listening(t, createServer(app));
    await ask(port, '/orders/1');
    assert.deepEqual(log, []);
  });
}
