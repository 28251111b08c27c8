/** Express and Hono on Bun answer scrapes. */
import { once } from 'node:events';
import express from 'express';
import { Hono } from 'hono';
import { contract, counter, fetchHandler, meterbridge, nodeListener } from 'meterbridge';

const shop = contract('shop', { sold: counter({ help: 'Sold.' }) });
const bridge = meterbridge(shop, { push: false });
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
console.log(JSON.stringify(pages.map((page) => page.includes('shop_sold_total 3'))));
process.exit();
