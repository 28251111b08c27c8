/**
 * A Fastify app on prom-client that keeps its port: the registry is shown beside a contract, and `/metrics` stays where it was.
 */
import fastify from 'fastify';
import { contract, counter, meterbridge, oneOf } from 'meterbridge';
import { fastifyMetrics } from 'meterbridge/fastify';
import { fromPromClient } from 'meterbridge/prom-client';
import { Counter, register } from 'prom-client';

// This metric is as it was.
const signups = new Counter({ name: 'signups_total', help: 'Accounts created.' });

// This one is new, or has moved.
const shop = contract('shop', {
  orders: counter({ unit: '{order}', help: 'Orders taken.', labels: { payment: oneOf('card', 'invoice') } }),
});
const bridge = meterbridge(shop);
fromPromClient(bridge, register);

const app = fastify();
app.register(fastifyMetrics(bridge)); // in place of app.get('/metrics', …), on the same port
app.post('/accounts', async (_, reply) => {
  signups.inc();
  return reply.code(201).send({ id: 1 });
});
app.post('/orders', async (_, reply) => {
  bridge.metrics.orders.inc({ payment: 'card' });
  return reply.code(201).send({ id: 1 });
});

const address = await app.listen({ port: Number(process.env.PORT ?? 3000) });
console.log(`the API: ${address}\nits metrics: ${address}/metrics`);
process.once('SIGTERM', async () => {
  await app.close();
  await bridge.close();
});
