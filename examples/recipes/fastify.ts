/** Fastify 5: a plugin times every request; Prometheus scrapes a port of its own. */
import fastify from 'fastify';
import { bridge, http, metrics } from './metrics.ts';

const app = fastify();
app.register(http.fastify);

app.post('/orders', async (_, reply) => {
  metrics.orders.inc({ payment: 'card' });
  return reply.code(201).send({ id: 1 });
});
app.get<{ Params: { id: string } }>('/orders/:id', async (request) => ({ id: request.params.id }));

const { url } = await bridge.listen(process.env.METRICS_ADDRESS ?? '127.0.0.1:9464');
const address = await app.listen({ port: Number(process.env.PORT ?? 3000) });
console.log(`the API: ${address}\nits metrics: ${url}`);

process.once('SIGTERM', async () => {
  await app.close();
  await bridge.close();
});
