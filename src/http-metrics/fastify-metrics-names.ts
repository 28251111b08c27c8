/** Names, labels and bounds of fastify-metrics, for dashboards that exist. */
import type { Bridge } from '../bridge/bridge.ts';
import { capped, contract, histogram, type Labels, oneOf, summary } from '../contract/index.ts';
import { cacheBound } from './bound-cache.ts';
import { type Ended, methods, type Recording } from './exchange.ts';

const answerLabels = {
  method: oneOf(...methods),
  route: capped({ limit: 1_000 }),
  status_code: capped({ limit: 100 }),
};

function fastifyMetricsNames(own: Labels) {
  const labels: Labels = { ...answerLabels, ...own };
  return contract('http', {
    duration: histogram({
      series: 'http_request_duration_seconds',
      help: 'request duration in seconds',
      bounds: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
      labels,
    }),
    summary: summary({ series: 'http_request_summary_seconds', help: 'request duration in seconds summary', labels }),
  });
}

export function recordFastifyMetricsNames(bridge: Bridge, own: Labels): Recording {
  const m = bridge.register(fastifyMetricsNames(own));
  const boundOf = cacheBound((exchange) => {
    const labels = answered(exchange);
    return { duration: m.duration.bind(labels), summary: m.summary.bind(labels) };
  });
  return {
    began() {},
    ended(exchange) {
      const { seconds } = exchange;
      const bound = boundOf(exchange);
      if (bound !== undefined) {
        bound.duration.record(seconds);
        bound.summary.record(seconds);
        return;
      }
      const labels = { ...answered(exchange), ...exchange.own };
      m.duration.record(seconds, labels);
      m.summary.record(seconds, labels);
    },
  };
}

/** That plugin's name for what no route matched. An answer whose head never left has no status. */
function answered({ method, route, status }: Ended): Readonly<Record<string, string>> {
  return { method, route: route ?? '__unknown__', status_code: status === 0 ? '' : String(status) };
}
