/** The access log's lines: logfmt, one per request. Pure. */
import { visible } from '../../../core/errors/visible.ts';

export interface Answered {
  readonly id: string;
  readonly method: string;
  /** Without the query. */
  readonly path: string;
  /** Undefined: the client disconnected before a response. */
  readonly status: number | undefined;
  /** Milliseconds from the request to the head of its response. */
  readonly durationMs: number;
  readonly tenant: string | undefined;
}

/** `ts=… id=… method=… path=… status=… dur_ms=… tenant=…`; `-` is an unknown value. `atMs` is in milliseconds since the epoch. */
export function answeredLine(atMs: number, { id, method, path, status, durationMs, tenant }: Answered): string {
  const ts = new Date(atMs).toISOString().replace('Z', '+00:00');
  const fields = {
    ts,
    id,
    method,
    path,
    status: String(status ?? '-'),
    dur_ms: String(Math.floor(durationMs)),
    tenant: tenant ?? '-',
  };
  return Object.entries(fields)
    .map(([name, value]) => `${name}=${quoted(value)}`)
    .join(' ');
}

/** The extra line of `verbose`, written when a request arrives. */
export function receivedLine(id: string, method: string, url: string): string {
  return `→ ${visible(method)} ${visible(url)} (id=${id})`;
}

/**
 * logfmt allows a bare value without blanks, quotes and `=`; every other value is quoted, so that a client cannot forge a field
 * or a line.
 */
function quoted(value: string): string {
  return /^[^\s"\\=\p{C}]+$/u.test(value) ? value : `"${visible(value.replace(/["\\]/g, '\\$&'))}"`;
}
