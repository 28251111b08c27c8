/** Names, units, attributes and bounds of OpenTelemetry's semantic conventions 1.45 (HTTP server metrics). */
import { capped, contract, histogram, type Labels, oneOf, upDownCounter } from '../../core/contract/index.ts';
import type { Bridge } from '../bridge/bridge.ts';
import type { HistogramRecorder } from '../recording/index.ts';
import { cacheBound } from './bound-cache.ts';
import { type Ended, otherMethod, type Recording, type Scheme } from './exchange.ts';

/** Methods of RFC 9110, PATCH (RFC 5789) and QUERY, as the conventions know them. */
const methods = ['GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'CONNECT', 'OPTIONS', 'TRACE', 'PATCH', 'QUERY', otherMethod];
const known: ReadonlySet<string> = new Set(methods);

/** Advised bounds of `http.server.request.duration`, in seconds. */
const durationBounds = [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10];
/** The conventions leave the bounds of sizes open; in bytes. */
const sizeBounds = [0, 128, 1_024, 4_096, 16_384, 65_536, 262_144, 1_048_576, 4_194_304, 16_777_216];

const requestLabels = { 'http.request.method': oneOf(...methods), 'url.scheme': oneOf('http', 'https') };
const answerLabels = {
  'http.request.method': requestLabels['http.request.method'],
  'url.scheme': requestLabels['url.scheme'],
  'http.route': capped({ limit: 1_000, optional: true }),
  'http.response.status_code': capped({ limit: 100, optional: true }),
  'error.type': capped({ limit: 110, optional: true }),
  'network.protocol.version': capped({ limit: 5, optional: true }),
};

/** @param own the labels that a program adds */
export function semconvNames(own: Labels) {
  const labels: Labels = { ...answerLabels, ...own };
  const size = (instrument: string, help: string) => histogram({ instrument, unit: 'By', help, bounds: sizeBounds, labels });
  return contract('http_server', {
    duration: histogram({
      instrument: 'http.server.request.duration',
      unit: 's',
      help: 'Duration of HTTP server requests.',
      bounds: durationBounds,
      labels,
    }),
    active: upDownCounter({
      instrument: 'http.server.active_requests',
      unit: '{request}',
      help: 'Number of active HTTP server requests.',
      labels: requestLabels,
      zeroFilled: false,
    }),
    requestSize: size('http.server.request.body.size', 'Size of HTTP server request bodies.'),
    responseSize: size('http.server.response.body.size', 'Size of HTTP server response bodies.'),
  });
}

export function recordSemconvNames(bridge: Bridge, own: Labels): Recording {
  const m = bridge.register(semconvNames(own));
  const active = Object.fromEntries(
    methods.map((method) => [method, { http: inFlight(method, 'http'), https: inFlight(method, 'https') }]),
  ) as Readonly<Record<string, Record<Scheme, ReturnType<typeof inFlight>>>>;
  const boundOf = cacheBound(methods, (exchange) => {
    const labels = answered(exchange);
    return {
      duration: m.duration.bind(labels),
      requestSize: m.requestSize.bind(labels),
      responseSize: m.responseSize.bind(labels),
    };
  });

  function inFlight(method: string, scheme: Scheme) {
    return m.active.bind({ 'http.request.method': method, 'url.scheme': scheme });
  }

  function countInFlight(method: string, scheme: Scheme, by: 1 | -1): void {
    active[method]?.[scheme].add(by);
  }

  function ended(exchange: Ended): void {
    countInFlight(exchange.method, exchange.scheme, -1);
    const { seconds, requestSize, responseSize } = exchange;
    const bound = boundOf(exchange);
    if (bound !== undefined) {
      bound.duration.record(seconds);
      if (requestSize !== undefined) bound.requestSize.record(requestSize);
      if (responseSize !== undefined) bound.responseSize.record(responseSize);
      return;
    }
    const labels = { ...answered(exchange), ...exchange.own };
    record(m.duration, seconds, labels);
    if (requestSize !== undefined) record(m.requestSize, requestSize, labels);
    if (responseSize !== undefined) record(m.responseSize, responseSize, labels);
  }

  return {
    methodOf: (method) => (method !== undefined && known.has(method) ? method : otherMethod),
    began: (method, scheme) => countInFlight(method, scheme, 1),
    ended,
    dropped: (method, scheme) => countInFlight(method, scheme, -1),
  };
}

function record(to: HistogramRecorder<Labels>, value: number, labels: NonNullable<Ended['own']>): void {
  to.record(value, labels);
}

/** What is empty is an attribute that the request lacks. */
function answered({ method, scheme, route, status, aborted, version }: Ended): Readonly<Record<string, string>> {
  return {
    'http.request.method': method,
    'url.scheme': scheme,
    'http.route': route ?? '',
    'http.response.status_code': status === 0 ? '' : String(status),
    'error.type': errorType(status, aborted),
    'network.protocol.version': version,
  };
}

/** A status of 5xx is its own type; below that, only a response that did not leave whole is a server's error. */
function errorType(status: number, aborted: boolean): string {
  if (aborted) return 'aborted';
  return status >= 500 ? String(status) : '';
}
