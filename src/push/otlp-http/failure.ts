/** Why a push failed, in words: what the server said, and the likely fix. */
import { type Answer, messageOf } from './answer.ts';
import type { Clean } from './clean.ts';

/** What is known of one attempt: that it was answered, or why not. */
export interface Attempt {
  readonly statusText?: string | undefined;
  readonly answer?: Answer | undefined;
  /** Code of a network or TLS error (`ECONNREFUSED`), or its message. */
  readonly error?: string | undefined;
}

export interface Failure {
  /** Equal for failures that want the same fix. */
  readonly cause: string;
  readonly text: string;
  readonly fix: string;
}

/** What a push came to. `remark`: what there is to say of one that was taken. */
export type Outcome = { readonly failure: Failure } | { readonly failure: undefined; readonly remark: string | undefined };

const statusFixes: Readonly<Record<number, string>> = {
  400: 'the receiver could not read the push; see its log, and that it takes OTLP in this protocol (push option protocol)',
  401: 'set the credentials with OTEL_EXPORTER_OTLP_METRICS_HEADERS or the push option headers',
  403: 'the credentials are not allowed to write; correct OTEL_EXPORTER_OTLP_METRICS_HEADERS or the push option headers',
  404: 'check the path: an endpoint gets /v1/metrics appended, a metrics endpoint is used as it is',
  405: 'check the path: an endpoint gets /v1/metrics appended, a metrics endpoint is used as it is',
  413: 'raise the limit of the receiver (max_request_body_size), or push with compression gzip',
  415: 'the receiver does not take this encoding; set the push option protocol to http/protobuf or http/json, whichever it is not',
  429: 'the receiver is overloaded; raise OTEL_METRIC_EXPORT_INTERVAL, or its limits',
};

const notFound = 'correct the host name in the endpoint';
const slow = 'the receiver is slow or out of reach; check the network, or raise OTEL_EXPORTER_OTLP_METRICS_TIMEOUT';
const foreign = 'check that the port takes OTLP over HTTP (a Collector: 4318; 4317 is gRPC), and http against https';
const errorFixes: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'start the Collector, or correct the endpoint (OTLP over HTTP is port 4318, 4317 is gRPC)',
  ENOTFOUND: notFound,
  EAI_AGAIN: notFound,
  ETIMEDOUT: slow,
  EHOSTUNREACH: slow,
  ENETUNREACH: slow,
  ECONNRESET: foreign,
  EPIPE: foreign,
  EPROTO: foreign,
};

/** `clean` makes what the server said fit for a log. */
export function describeFailure(attempt: Attempt, clean: Clean): Failure {
  if (attempt.answer !== undefined) {
    const { status } = attempt.answer;
    const message = clean(messageOf(attempt.answer));
    const overloaded = status === 502 || status === 503 || status === 504;
    const fix = statusFixes[status] ?? (overloaded ? 'see the log of the receiver and of what stands behind it' : "see the receiver's log");
    const said = message === '' ? '' : `, ${JSON.stringify(message)}`;
    return { cause: String(status), text: `${`${status} ${clean(attempt.statusText ?? '')}`.trim()}${said}`, fix };
  }
  const error = clean(attempt.error ?? 'no answer');
  return { cause: error, text: error, fix: errorFix(error) };
}

function errorFix(error: string): string {
  const known = errorFixes[error];
  if (known !== undefined) return known;
  if (/timed out/i.test(error)) return slow;
  if (error.startsWith('HPE_')) return foreign;
  if (/CERT|SELF_SIGNED|UNABLE_TO|TLS|ISSUER/.test(error)) return "name the receiver's authority with OTEL_EXPORTER_OTLP_CERTIFICATE";
  return 'check the endpoint and the network';
}
