/** Answers as they must be on the wire, typed. */
import { readFileSync } from 'node:fs';
import type { Cell } from './cells.ts';

export interface Expected {
  readonly status: number;
  /** All of them in lower case, but for the date, the connection's and the length. */
  readonly headers: Readonly<Record<string, string>>;
  /** Of a HEAD request: what another one would get, which may tell its length. */
  readonly body: string;
  /** Who asks is turned away: it is counted. */
  readonly refused?: true;
  /** Callbacks run. */
  readonly collects?: true;
}

export const TEXT = 'text/plain; version=0.0.4; charset=utf-8';
export const OPENMETRICS = 'application/openmetrics-text; version=1.0.0; charset=utf-8';

/** A golden exposition, typed from the host's document. */
export function golden(path: string): string {
  return readFileSync(new URL(`../../../instrumentation/${path}`, import.meta.url), 'utf8');
}

export function exposition(type: string, body: string): Expected {
  return { status: 200, headers: { 'content-type': type, vary: 'Accept, Accept-Encoding' }, body, collects: true };
}

/** HEAD, which does not collect and so cannot know a length. */
export function headOnly(type: string): Expected {
  return { status: 200, headers: { 'content-type': type, vary: 'Accept, Accept-Encoding' }, body: '' };
}

/** RFC 9110, section 15.5.6. */
export const notAllowed: Expected = {
  status: 405,
  headers: { 'content-type': 'text/plain; charset=utf-8', allow: 'GET, HEAD' },
  body: 'only GET and HEAD\n',
};

/** GET, HEAD and the rest, where nobody stands in the way. */
export function served({ method, path }: Cell, type: string, body: string): Expected {
  // `name[]=x` requests a family that there is not, as from client_golang: OpenMetrics still ends with its last line.
  const shown = !path.includes('?name[]=') ? body : type === OPENMETRICS ? '# EOF\n' : '';
  if (method === 'GET') return exposition(type, shown);
  return method === 'HEAD' ? headOnly(type) : notAllowed;
}

export type Place = 'Fastify' | 'node:http' | 'the dedicated listener' | 'the dedicated listener in a thread';

/** What each server says of a path that it does not know. Fastify has an answer of its own to one that it cannot decode. */
export function unknown({ method, path }: Cell, place: Place): Expected {
  if (place === 'node:http') return { status: 404, headers: { 'x-host': 'ours' }, body: 'nothing here' };
  if (place !== 'Fastify') return { status: 404, headers: { 'content-type': 'text/plain; charset=utf-8' }, body: 'not found\n' };
  if (path.includes('%zz')) {
    const body = `{"error":"Bad Request","code":"FST_ERR_BAD_URL","message":"'${path}' is not a valid url component","statusCode":400}`;
    return { status: 400, headers: { 'content-type': 'application/json' }, body };
  }
  const body = `{"message":"Route ${method}:${path} not found","error":"Not Found","statusCode":404}`;
  return { status: 404, headers: { 'content-type': 'application/json; charset=utf-8' }, body };
}

/** The host's own route beside the metrics. */
export const healthy: Expected = { status: 200, headers: { 'content-type': 'text/plain; charset=utf-8' }, body: 'ok' };
