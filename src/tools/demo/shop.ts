/** The shop of `meterbridge demo`: a small API and its metrics, as you would write them. */
import { createServer } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { contract, counter, histogram, meterbridge, oneOf, upDownCounter } from 'meterbridge';

const method = oneOf('GET', 'POST', 'other');
const route = oneOf('/orders', '/products/:id', 'other');
const status = oneOf('200', '201', '404');
const shop = contract('shop', {
  requests: counter({ unit: '{request}', help: 'Answered requests.', labels: { method, route, status }, zeroFilled: false }),
  requestDuration: histogram({ unit: 's', help: 'Time to the answer.', labels: { route } }),
  requestsInFlight: upDownCounter({ unit: '{request}', help: 'Requests under way.' }),
});
export const bridge = meterbridge(shop); // pushes where OTEL_EXPORTER_OTLP_ENDPOINT says
const { requests, requestDuration, requestsInFlight } = bridge.metrics;

export const server = createServer(async (request, response) => {
  const [, kind, id] = request.url?.split('/') ?? [];
  const template = kind === 'orders' ? '/orders' : kind === 'products' ? '/products/:id' : 'other';
  const stop = requestDuration.startTimer({ route: template });
  requestsInFlight.add(1);
  await sleep(5 + 40 * Math.random()); // the work
  const code = template === 'other' || Number(id) > 8 ? '404' : request.method === 'POST' ? '201' : '200';
  response.writeHead(Number(code)).end();
  requests.add(1, { method: method.fold(request.method ?? ''), route: template, status: code });
  requestsInFlight.add(-1);
  stop();
});
server.listen(Number(process.env.PORT ?? 8080), '127.0.0.1');
export const metrics = await bridge.listen(`127.0.0.1:${process.env.METRICS_PORT ?? 9464}`, { thread: true });
