/** Why a push failed, in words: what the server said, and the likely fix. */

/** What is known of one attempt. */
export interface Attempt {
  readonly status?: number | undefined;
  readonly statusText?: string | undefined;
  /** Beginning of the server's answer. */
  readonly body?: string | undefined;
  /** Code of a network or TLS error (`ECONNREFUSED`), or its message. */
  readonly error?: string | undefined;
}

export interface Failure {
  /** Equal for failures that want the same fix. */
  readonly cause: string;
  readonly text: string;
  readonly fix: string;
}

/** What a push came to. `partial`: what a receiver says that took it, but not all of it. */
export type Outcome = { readonly failure: Failure } | { readonly failure: undefined; readonly partial: string | undefined };

/** Longest piece of a server's message in a line. */
const maxMessage = 200;

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

/** What a server might echo and a log must not show: values of headers, and a password in the URL. Short ones would redact words. */
export function secretsOf({
  url,
  headers,
}: {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
}): readonly string[] {
  const { password } = new URL(url);
  return [...Object.values(headers), password, decodeURIComponent(password)].filter((text) => text.length > 3);
}

/** `secrets` are taken out of what the server said, should it echo them. */
export function describeFailure(attempt: Attempt, secrets: readonly string[] = []): Failure {
  if (attempt.status !== undefined) {
    const { status } = attempt;
    const message = redact(serverMessage(attempt.body ?? ''), secrets);
    const overloaded = status === 502 || status === 503 || status === 504;
    const fix = statusFixes[status] ?? (overloaded ? 'see the log of the receiver and of what stands behind it' : "see the receiver's log");
    const said = message === '' ? '' : `, ${JSON.stringify(message)}`;
    return { cause: String(status), text: `${`${status} ${oneLine(attempt.statusText ?? '')}`.trim()}${said}`, fix };
  }
  const error = redact(oneLine(attempt.error ?? 'no answer'), secrets);
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

/** `google.rpc.Status` as JSON has its message; anything else is shown as text. */
export function serverMessage(body: string): string {
  try {
    const status: unknown = JSON.parse(body);
    if (typeof status === 'object' && status !== null && 'message' in status && typeof status.message === 'string') {
      return oneLine(status.message);
    }
  } catch {
    // No JSON: shown as it is.
  }
  return oneLine(body);
}

function oneLine(text: string): string {
  const line = text.replace(/[\p{Cc}\p{Zl}\p{Zp}\s]+/gu, ' ').trim();
  return line.length > maxMessage ? `${line.slice(0, maxMessage)}…` : line;
}

function redact(text: string, secrets: readonly string[]): string {
  let result = text;
  for (const secret of secrets) if (secret !== '') result = result.replaceAll(secret, '[redacted]');
  return result;
}
