/** Questions to `/api/*`. One at a time for each address: a slow service gets no queue of them. */
import type { Config, Family, Graph, Labels, Part, Producers, Refusals, Scrapers, Series, Status } from '../model/index.ts';

export interface Answers {
  readonly status: Status;
  readonly graph: Graph;
  readonly producers: Producers;
  readonly scrapers: Scrapers;
  readonly series: Series;
  readonly labels: Labels;
  readonly refusals: Refusals;
  readonly config: Config;
  readonly family: Family;
}

const underWay = new Set<string>();

/** Undefined: it is being asked already, or there is no answer. `gone`: there is no such thing. */
export async function ask<P extends keyof Answers & (Part | 'status')>(
  part: P,
  query = '',
): Promise<Answers[P] | 'gone' | undefined> {
  const address = `/api/${part}${query}`;
  if (underWay.has(address)) return undefined;
  underWay.add(address);
  try {
    const response = await fetch(address, { headers: { accept: 'application/json' } });
    if (response.status === 404) return 'gone';
    return response.ok ? ((await response.json()) as Answers[P]) : undefined;
  } catch {
    // The stream of events says that the service is gone.
    return undefined;
  } finally {
    underWay.delete(address);
  }
}
