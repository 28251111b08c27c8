/** RunWisp's endpoint: "off by default", "Never authenticated". */
import { type Expected, golden, healthy, OPENMETRICS, type Place, served, unknown } from './answers.ts';
import type { Cell } from './cells.ts';

export const paths = ['/metrics', '/metrics/', '/metrics?name[]=x', '/METRICS', '/metricz', '/metrics%zz', '/health'];

export const configs = {
  Fastify: ['disabled', 'enabled', 'with metrics_listen'],
  'node:http': ['enabled'],
  'the dedicated listener': ['with metrics_listen'],
  'the dedicated listener in a thread': ['with metrics_listen'],
} as const satisfies Record<Place, readonly string[]>;

const body = golden('runwisp/golden/busy.openmetrics.txt');

export function expected(cell: Cell, place: Place): Expected {
  const { config, path, method } = cell;
  const main = place === 'Fastify' || place === 'node:http';
  // "that listener answers 404 to everything else, `/health` included"
  if (path === '/health' && main && method === 'GET') return healthy;
  // "With it: unmounted there, served on the dedicated listener only"; "Disabled: `/metrics` does not exist."
  const here = main ? config === 'enabled' : config === 'with metrics_listen';
  if (here && (path === '/metrics' || path === '/metrics?name[]=x')) return served(cell, OPENMETRICS, body);
  return unknown(cell, place);
}
