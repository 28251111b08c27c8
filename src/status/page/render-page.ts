/** HTML from a source: of the page, and of the Collector's pages. It needs no script; a script then keeps it up to date. */
import { partNames, type StatusSource } from '../status-source.ts';
import { collectorPage } from '../view/collector-pages.ts';
import { documentOf } from '../view/document.ts';
import { page } from '../view/page.ts';
import type { FamilyWanted, PageData } from '../view/page-data.ts';
import { scriptPath, stylePath } from './assets.ts';

/**
 * `/` with `store` and `name` shows that family, with `labels` the labels' distinct values. `/debug/servicez` and the like show
 * what the Collector's pages of that name do.
 */
export async function renderPage(path: string, query: URLSearchParams, source: StatusSource): Promise<string> {
  const data = await dataOf(query, source);
  const name = data.status.kind === 'serve' ? 'Meterbridge' : `${data.status.name}: Meterbridge`;
  const debug = collectorPage(path, data, source.extensions?.(), source.features?.());
  if (debug !== undefined) return documentOf({ title: `${debug.title}: ${name}`, stylePath, body: debug.body });
  return documentOf({ title: name, stylePath, scriptPath, body: page(data) });
}

async function dataOf(query: URLSearchParams, source: StatusSource): Promise<PageData> {
  const status = { ...source.status(), parts: partNames.filter((name) => source[name] !== undefined) };
  return {
    status,
    now: status.at,
    graph: source.graph(),
    producers: source.producers?.(false),
    scrapers: source.scrapers?.(),
    series: await source.series?.('series'),
    labels: query.has('labels') ? await source.labels?.() : undefined,
    refusals: source.refusals?.(),
    config: source.config?.(),
    family: await familyOf(query, source),
    live: 'still',
  };
}

async function familyOf(query: URLSearchParams, source: StatusSource): Promise<FamilyWanted | undefined> {
  const [store, name] = [query.get('store'), query.get('name')];
  if (store === null || name === null || source.family === undefined) return undefined;
  return { store, name, found: (await source.family(store, name)) ?? 'gone' };
}
