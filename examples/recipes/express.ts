/** Express 5: a middleware times every request; Prometheus scrapes a port of its own. */
import type { AddressInfo } from 'node:net';
import express from 'express';
import { bridge, http, metrics } from './metrics.ts';

const app = express();
app.use(http.express);

app.post('/orders', (_, response) => {
  metrics.orders.inc({ payment: 'card' });
  response.status(201).json({ id: 1 });
});
app.get('/orders/:id', (request, response) => {
  response.json({ id: request.params.id });
});

const { url } = await bridge.listen(process.env.METRICS_ADDRESS ?? '127.0.0.1:9464');
const server = app.listen(Number(process.env.PORT ?? 3000), '127.0.0.1', () => {
  console.log(`the API: http://127.0.0.1:${(server.address() as AddressInfo).port}\nits metrics: ${url}`);
});

process.once('SIGTERM', () => {
  server.close(() => bridge.close());
});
