/** Hono: a middleware times every request, and the app itself answers at `/metrics`. */
import { serve } from '@hono/node-server';
import { getConnInfo } from '@hono/node-server/conninfo';
import { Hono } from 'hono';
import { fetchHandler } from 'meterbridge';
import { bridge, http, metrics } from './metrics.ts';

const app = new Hono();
const scrape = fetchHandler(bridge.scrape);

app.get('/metrics', (context) => scrape(context.req.raw, getConnInfo(context).remote.address));

app.use(http.hono);

app.post('/orders', (context) => {
  metrics.orders.inc({ payment: 'card' });
  return context.json({ id: 1 }, 201);
});
app.get('/orders/:id', (context) => context.json({ id: context.req.param('id') }));

const server = serve({ fetch: app.fetch, port: Number(process.env.PORT ?? 3000), hostname: '127.0.0.1' }, ({ port }) => {
  console.log(`the API: http://127.0.0.1:${port}\nits metrics: http://127.0.0.1:${port}/metrics`);
});

process.once('SIGTERM', () => {
  server.close(() => bridge.close());
});
