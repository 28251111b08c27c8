/** The metrics of a small shop API, and the bridge that records them. Every recipe imports this module. */
import { capped, contract, counter, gauge, histogram, meterbridge, oneOf } from 'meterbridge';

const shop = contract('shop', {
  requestDuration: histogram({
    unit: 's',
    help: 'Time from a request to the end of its answer.',
    labels: {
      method: oneOf('GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'other'),
      route: capped({ limit: 100 }),
      status: capped<number>({ limit: 60 }),
    },
  }),
  orders: counter({ unit: '{order}', help: 'Orders taken.', labels: { payment: oneOf('card', 'invoice') } }),
  memoryUsed: gauge({ observed: true, unit: 'By', help: 'Resident memory of the process.' }),
});

export const bridge = meterbridge(shop);
export const { metrics } = bridge;

metrics.memoryUsed.observe(() => process.memoryUsage().rss);

/** The labels of an answered request. `route` is the template, such as `/orders/:id`, and never the path: paths have no end. */
export function answered(method: string, route: string | undefined, status: number) {
  const { labels } = shop.metrics.requestDuration;
  return { method: labels.method.fold(method), route: route ?? 'unmatched', status };
}
