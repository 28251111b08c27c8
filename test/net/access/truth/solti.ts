/** solti: "It is a library"; nothing asks who reads its metrics. */
import { type Expected, golden, OPENMETRICS, type Place, served, unknown } from './answers.ts';
import type { Cell } from './cells.ts';

export const paths = ['/metrics', '/metrics/', '/metrics?name[]=x', '/METRICS', '/metricz', '/metrics%zz'];

export const configs = {
  Fastify: ['in a program'],
  'node:http': ['in a program'],
  'the dedicated listener': ['in a program'],
  'the dedicated listener in a thread': ['in a program'],
} as const satisfies Record<Place, readonly string[]>;

/** Asked for, since an unused backend's golden exposition is one of OpenMetrics. */
export const accept = 'application/openmetrics-text;version=1.0.0';

const body = golden('solti/golden/new.openmetrics.txt');

export function expected(cell: Cell, place: Place): Expected {
  return cell.path === '/metrics' || cell.path === '/metrics?name[]=x' ? served(cell, OPENMETRICS, body) : unknown(cell, place);
}
