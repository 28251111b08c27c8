/** Names, labels and bounds of fastify-metrics, for dashboards that exist, and which requests it counts. */
import { METHODS } from 'node:http';
import { capped, contract, histogram, type Labels, oneOf, summary } from '../../core/contract/index.ts';
import type { Bridge } from '../bridge/bridge.ts';
import { cacheBound } from './bound-cache.ts';
import { type Ended, otherMethod, type Recording } from './exchange.ts';

/** Its default `methodBlacklist`. */
const leftOut: ReadonlySet<string> = new Set(['HEAD', 'OPTIONS', 'TRACE', 'CONNECT']);
/** It shows each method that arrives: on Node.js, one that the parser knows. */
const methods = [...METHODS.filter((method) => !leftOut.has(method)), otherMethod];
const known: ReadonlySet<string> = new Set(methods);

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
  const boundOf = cacheBound(methods, (exchange) => {
    const labels = answered(exchange);
    return { duration: m.duration.bind(labels), summary: m.summary.bind(labels) };
  });
  return {
    methodOf(method = '') {
      if (leftOut.has(method)) return undefined;
      return known.has(method) ? method : otherMethod;
    },
    began() {},
    dropped() {},
    ended(exchange) {
      const { seconds, finished } = exchange;
      // It counts what Fastify's `onResponse` hook sees.
      if (!finished) return;
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

/** That plugin's name for what no route matched. */
function answered({ method, route, status }: Ended): Readonly<Record<string, string>> {
  return { method, route: route ?? '__unknown__', status_code: String(status) };
}
