/** Why a push failed, in words: the server's message, and the likely fix. */
import { type Answer, messageOf } from './answer.ts';
import type { Clean } from './clean.ts';

/** The result of one attempt: a response, or the reason why there is none. */
export interface Attempt {
  readonly statusText?: string | undefined;
  readonly answer?: Answer | undefined;
  /** Of a redirection, as the receiver wrote it. */
  readonly location?: string | undefined;
  /** Code of a network or TLS error (`ECONNREFUSED`), or its message. */
  readonly error?: string | undefined;
}

export interface Failure {
  /** Equal for failures that need the same fix. */
  readonly cause: string;
  readonly text: string;
  readonly fix: string;
}

export type Outcome = Failed | Accepted;

export interface Failed {
  readonly failure: Failure;
  /** The same request may be accepted later. */
  readonly retryable?: boolean;
  /**
   * Milliseconds that the next attempt would have waited, which is longer than the time for them all. Absent: nothing is known.
   */
  readonly againMs?: number;
}

export interface Accepted {
  readonly failure: undefined;
  /** A note about a push that was accepted. */
  readonly remark: string | undefined;
  /** Points that the receiver has rejected. Absent: none. */
  readonly rejected?: number;
}

/** The user's names for the settings of a client: the fix of each failure names one. */
export interface SettingNames {
  /** The base URL, to which `/v1/metrics` is appended; and the URL that is used as it is. */
  readonly endpoint: string;
  readonly metricsEndpoint: string;
  readonly headers: string;
  readonly encoding: string;
  readonly compression: string;
  readonly timeout: string;
  /** The interval between two pushes. */
  readonly interval: string;
  /** The file of the trusted authorities. */
  readonly authorities: string;
}

/** OTLP over HTTP: a push with one of these responses is retried; all other responses are final. */
export const retryable: ReadonlySet<number> = new Set([429, 502, 503, 504]);

function statusFix(status: number, names: SettingNames): string {
  switch (status) {
    case 301:
    case 302:
    case 303:
      return `a client may turn a POST into a GET there, so this is not followed: write the new address in ${names.endpoint}`;
    case 307:
    case 308:
      return 'see that the receiver, or what is in front of it, names the URL of HTTP at which it takes pushes';
    case 400:
      return `the receiver could not read the push; see its log, and that it takes OTLP in this encoding (${names.encoding})`;
    case 401:
      return `set the credentials with ${names.headers}`;
    case 403:
      return `the credentials are not allowed to write; correct ${names.headers}`;
    case 404:
    case 405:
      return `check the path: ${names.endpoint} gets /v1/metrics appended, ${names.metricsEndpoint} is used as it is`;
    case 413:
      return `raise the limit of the receiver (max_request_body_size), or set ${names.compression} to gzip`;
    case 415:
      return `the receiver does not support this encoding; set ${names.encoding} to the other one`;
    case 429:
      return `the receiver is overloaded; raise ${names.interval}, or its limits`;
    case 502:
    case 503:
    case 504:
      return 'see the log of the receiver and of what is behind it';
    default:
      return "see the receiver's log";
  }
}

const foreign = 'check that the port takes OTLP over HTTP (a Collector: 4318; 4317 is gRPC), and http against https';
const slow = ({ timeout }: SettingNames) => `the receiver is slow or out of reach; check the network, or raise ${timeout}`;

/** `clean` makes the server's message safe for a log. */
export function describeFailure(attempt: Attempt, clean: Clean, names: SettingNames): Failure {
  if (attempt.answer !== undefined) {
    const { status } = attempt.answer;
    const message = clean(messageOf(attempt.answer));
    const detail = message === '' ? '' : `, ${JSON.stringify(message)}`;
    const to =
      status >= 300 && status < 400 && attempt.location !== undefined ? `, to ${JSON.stringify(clean(attempt.location))}` : '';
    return {
      cause: String(status),
      text: `${`${status} ${clean(attempt.statusText ?? '')}`.trim()}${to}${detail}`,
      fix: statusFix(status, names),
    };
  }
  const error = clean(attempt.error ?? 'no response');
  return { cause: error, text: error, fix: errorFix(error, names) };
}

function errorFix(error: string, names: SettingNames): string {
  switch (error) {
    case 'ECONNREFUSED':
      return 'start the Collector, or correct the endpoint (OTLP over HTTP is port 4318, 4317 is gRPC)';
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return 'correct the host name in the endpoint';
    case 'ETIMEDOUT':
    case 'EHOSTUNREACH':
    case 'ENETUNREACH':
      return slow(names);
    case 'ECONNRESET':
    case 'EPIPE':
    case 'EPROTO':
      return foreign;
  }
  if (/timed out/i.test(error)) return slow(names);
  if (error.startsWith('HPE_') || error.startsWith('the response ')) return foreign;
  if (/CERT|SELF_SIGNED|UNABLE_TO|TLS|ISSUER/.test(error)) return `name the receiver's authority with ${names.authorities}`;
  return 'check the endpoint and the network';
}
