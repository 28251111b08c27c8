/** Requests that are not measured. */
import type { IncomingMessage } from 'node:http';

export type Skip = readonly string[] | ((request: IncomingMessage) => boolean);

/** Where the orchestrators' and frameworks' examples put their probes. */
const probes = ['/health', '/healthz', '/livez', '/readyz', '/live', '/ready', '/liveness', '/readiness', '/ping', '/status'];

/** Paths are compared without the query; one that ends in `*` means all that begin so. Undefined: every request is measured. */
export function skipping(skip: Skip | undefined, healthChecks: boolean): ((request: IncomingMessage) => boolean) | undefined {
  const given = typeof skip === 'function' ? undefined : skip;
  const paths = [...(given ?? []), ...(healthChecks ? [] : probes)];
  const exact = new Set(paths.filter((path) => !path.endsWith('*')));
  const beginnings = paths.filter((path) => path.endsWith('*')).map((path) => path.slice(0, -1));
  const own = typeof skip === 'function' ? skip : undefined;
  if (paths.length === 0) return own;
  return (request) => {
    const path = pathOf(request);
    return exact.has(path) || beginnings.some((beginning) => path.startsWith(beginning)) || own?.(request) === true;
  };
}

/** Express replaces `url` while a router is at work, and keeps the whole in `originalUrl`. */
export function pathOf(request: IncomingMessage & { readonly originalUrl?: string }): string {
  const url = request.originalUrl ?? request.url ?? '';
  const query = url.indexOf('?');
  return query === -1 ? url : url.slice(0, query);
}
