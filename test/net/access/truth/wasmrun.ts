/** The wasmrun agent: open, or with keys before everything. */
import { type Expected, exposition, golden, type Place, TEXT } from './answers.ts';
import { opens } from './axes.ts';
import type { Cell } from './cells.ts';

export const paths = [
  '/api/v1/metrics',
  '/api/v1/metrics/',
  '/metrics',
  '/metrics?format=xml',
  '/api/v1/metrics?format=json',
  '/API/v1/metrics',
  '/api/v1/metrics%zz',
  '/api/v1/nothing',
];

export const configs = {
  Fastify: ['open', '--auth'],
  'node:http': ['open', '--auth'],
  'the dedicated listener': ['open', '--auth'],
  'the dedicated listener in a thread': ['open', '--auth'],
} as const satisfies Record<Place, readonly string[]>;

/** "Every response, errors included, carries `X-Request-Id` (16 lower-case hex …)"; `ID` stands for one. */
const id = { 'x-request-id': 'ID' };
const json = { 'content-type': 'application/json', ...id };
const body = golden('wasmrun/golden/busy.text.txt');
const asJson = JSON.parse(golden('wasmrun/golden/busy.json'));

/** `refusals`: how many there have been, in the exposition too: "`unauthorized` counts every unauthenticated request". */
export function expected({ config, token, method, path }: Cell, _place: Place, refusals = 0): Expected {
  // "Authentication comes before the method"; what is forwarded or where it comes from is no matter.
  if (config === '--auth' && !opens[token]) {
    return { status: 401, headers: json, body: '{"error":"a valid API key is needed","code":401}', refused: true };
  }
  const [where, query] = path.split('?');
  // "`GET /api/v1/metrics` (also with a trailing slash, and `/metrics`)"; "Other methods on the path, HEAD included: 404 JSON"
  if (method !== 'GET' || !['/api/v1/metrics', '/api/v1/metrics/', '/metrics'].includes(where ?? '')) {
    return { status: 404, headers: json, body: '{"error":"not found","code":404}' };
  }
  // "`?format=json` → `application/json`; any other `format` value → text".
  if (query === 'format=json') {
    // "`sessions` … only when authentication is off"
    const { sessions, ...rest } = asJson;
    const shown = { ...rest, exec_rejected_total: { ...rest.exec_rejected_total, unauthorized: refusals } };
    return {
      status: 200,
      headers: json,
      body: JSON.stringify(config === 'open' ? { ...shown, sessions } : shown),
      collects: true,
    };
  }
  const counted = body.replace('{reason="unauthorized"} 0', `{reason="unauthorized"} ${refusals}`);
  const answer = exposition(TEXT, counted);
  return { ...answer, headers: { ...answer.headers, ...id } };
}
