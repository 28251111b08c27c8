/** The metrics of a small shop API, and the bridge that records them. Every recipe imports this module. */
import { contract, counter, gauge, meterbridge, oneOf } from 'meterbridge';
import { httpServerMetrics } from 'meterbridge/http-metrics';

const shop = contract('shop', {
  orders: counter({ unit: '{order}', help: 'Orders taken.', labels: { payment: oneOf('card', 'invoice') } }),
  memoryUsed: gauge({ observed: true, unit: 'By', help: 'Resident memory of the process.' }),
});

export const bridge = meterbridge(shop);
export const { metrics } = bridge;
export const http = httpServerMetrics(bridge);

metrics.memoryUsed.observe(() => process.memoryUsage().rss);
