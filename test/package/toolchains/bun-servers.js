/** Express and Hono on Bun answer scrapes; what Bun does not measure is said, or absent. */
import { once } from 'node:events';
import express from 'express';
import { Hono } from 'hono';
import { contract, counter, fetchHandler, meterbridge, nodeListener } from 'meterbridge';
import { httpServerMetrics } from 'meterbridge/http-metrics';
import { runtimeMetrics } from 'meterbridge/runtime-metrics';

const shop = contract('shop', { sold: counter({ help: 'Sold.' }) });
const lines = [];
const bridge = meterbridge(shop, { push: false, log: (line) => lines.push(line) });
const http = httpServerMetrics(bridge);
http.everyServer();
runtimeMetrics(bridge);
bridge.metrics.sold.add(3);

const app = express();
app.get('/metrics', nodeListener(bridge.scrape));
const server = app.listen(0, '127.0.0.1');
await once(server, 'listening');

const hono = new Hono();
const answer = fetchHandler(bridge.scrape);
hono.get('/metrics', (context) => answer(context.req.raw));
const bun = Bun.serve({ port: 0, hostname: '127.0.0.1', fetch: hono.fetch });

const pages = await Promise.all(
  [server.address().port, bun.port].map(async (port) => (await fetch(`http://127.0.0.1:${port}/metrics`)).text()),
);
const said = lines.some((line) => line.includes('everyServer: Bun'));
const series = ['http_server_request_duration_seconds_count', 'nodejs_eventloop_utilization_ratio', 'process_uptime_seconds'];
const shown = series.map((name) => new RegExp(`^${name}[{ ]`, 'm').test(pages[0]));
console.log(JSON.stringify({ pages: pages.map((page) => page.includes('shop_sold_total 3')), said, shown }));
process.exit();
