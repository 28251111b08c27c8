import { contract, meterbridge } from 'meterbridge';
import { httpServerMetrics } from 'meterbridge/http-metrics';
import { runtimeMetrics } from 'meterbridge/runtime-metrics';

export const bridge = meterbridge(contract('shop', {}));

/** Next.js keeps what it matched on the request. It has no public way to say so; where the property is not there, requests have no route. */
function route(request) {
  return request[Symbol.for('NextInternalRequestMeta')]?.match?.definition?.pathname;
}

export async function start() {
  runtimeMetrics(bridge);
  httpServerMetrics(bridge, { skip: ['/_next/*'] }).everyServer(route);
  const { url } = await bridge.listen(process.env.METRICS_ADDRESS ?? '127.0.0.1:9464');
  console.log(`metrics: ${url}`);
}
