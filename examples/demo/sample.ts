/** Samples by series, the common form of what was recorded, pulled and pushed. */
import { type ParsedSample, parseExposition } from '../../src/exposition/index.ts';

/** Series as text 0.0.4 writes it (`runwisp_runs_total{status="failed"}`, labels sorted) → value. */
export type Samples = ReadonlyMap<string, number>;

export function seriesOf(name: string, labels: Iterable<readonly [string, string]>): string {
  const pairs = [...labels].map(([label, value]) => `${label}=${JSON.stringify(value)}`).sort();
  return pairs.length === 0 ? name : `${name}{${pairs.join(',')}}`;
}

/** A scrape of a host in text 0.0.4; undefined while the host does not answer. */
export async function scrape(url: string, headers: Readonly<Record<string, string>> = {}): Promise<Samples | undefined> {
  return scraped(url, (labels) => labels, headers);
}

/** What a Collector serves of one sender: without what it adds (`target_info`, `job`, `instance`) and without other senders. */
export async function scrapeCollector(url: string, instance: string): Promise<Samples | undefined> {
  return scraped(url, (labels) => {
    if (!labels.some(([label, value]) => label === 'instance' && value === instance)) return undefined;
    return labels.filter(([label]) => label !== 'instance' && label !== 'job');
  });
}

type Pairs = ParsedSample['labels'];

/** @throws when the answer is not a valid exposition */
async function scraped(url: string, keep: (labels: Pairs) => Pairs | undefined, headers = {}): Promise<Samples | undefined> {
  const answer = await fetch(url, { headers: { ...headers, accept: 'text/plain' } }).catch(() => undefined);
  if (answer?.ok !== true) return undefined;
  const parsed = parseExposition(await answer.text(), 'text');
  if (!parsed.ok) throw new Error(`${url} is not a valid exposition: ${JSON.stringify(parsed.problems[0])}`);
  const samples = new Map<string, number>();
  for (const { name, labels, value } of parsed.families.flatMap((family) => family.samples)) {
    const kept = name === 'target_info' ? undefined : keep(labels);
    if (kept !== undefined) samples.set(seriesOf(name, kept), value);
  }
  return samples;
}
