/** `/api/*`: what the page knows, as JSON. */
import type { Reply } from '../../net/http/exchange.ts';
import type { Part } from '../model/index.ts';
import { partNames, type StatusSource } from '../status-source.ts';

const encoder = new TextEncoder();
const headers = { 'content-type': 'application/json; charset=utf-8', 'cache-control': 'no-store' };

/** Maximum length of a name or key in a query. */
const longest = 1_000;

export type Api = (name: string, query: URLSearchParams) => Promise<Reply> | Reply;

export function createApi(source: StatusSource): Api {
  const parts = partNames.filter((name) => source[name] !== undefined);

  async function familyOf(query: URLSearchParams): Promise<Reply> {
    const [store, name] = ['store', 'name'].map((key) => query.get(key) ?? '') as [string, string];
    if (store === '' || name === '' || store.length > longest || name.length > longest)
      return json(400, { error: 'store and name are needed: take them from /api/series' });
    const found = await source.family?.(store, name);
    return found === undefined ? json(404, { error: 'there is no such family: it may have expired' }) : json(200, found);
  }

  const answers: Readonly<Record<Exclude<Part, 'family'> | 'status' | 'tick', (query: URLSearchParams) => unknown>> = {
    status: () => ({ ...source.status(), parts }),
    tick: () => source.tick(),
    graph: () => source.graph(),
    producers: (query) => source.producers?.(query.get('all') === '1'),
    scrapers: () => source.scrapers?.(),
    series: (query) => source.series?.(query.get('by') === 'churn' ? 'churn' : 'series'),
    labels: () => source.labels?.(),
    refusals: () => source.refusals?.(),
    config: () => source.config?.(),
    extensions: () => source.extensions?.(),
    features: () => source.features?.(),
  };

  return (name, query) => {
    if (name === 'family' && source.family !== undefined) return familyOf(query);
    const found = Object.hasOwn(answers, name) ? answers[name as keyof typeof answers](query) : undefined;
    if (found === undefined) return json(404, { error: 'there is no such address here: /api/status names those that there are' });
    return found instanceof Promise ? found.then((value) => json(200, value)) : json(200, found);
  };
}

function json(status: number, value: unknown): Reply {
  return { status, headers, body: encoder.encode(JSON.stringify(value)) };
}
