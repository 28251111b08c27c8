import fastify from 'fastify';
import { contract, counter, histogram, meterbridge, oneOf } from 'meterbridge';

const shop = contract('shop', {
  orders: counter({ unit: '{order}', help: 'Orders taken.', labels: { payment: oneOf('card', 'invoice') } }),
  checkoutDuration: histogram({ unit: 's', help: 'Time of a checkout.' }),
});
const bridge = meterbridge(shop);
const { orders, checkoutDuration } = bridge.metrics;

const app = fastify();
app.post('/orders', async (_, reply) => {
  const stop = checkoutDuration.startTimer();
  orders.inc({ payment: 'card' });
  stop();
  return reply.code(201).send({ id: 1 });
});

const { url } = await bridge.listen(process.env.METRICS_ADDRESS ?? '127.0.0.1:9464');
const address = await app.listen({ port: Number(process.env.PORT ?? 3000) });
console.log(`the API: ${address}\nits metrics: ${url}`);

process.once('SIGTERM', async () => {
  await app.close();
  await bridge.close();
});
