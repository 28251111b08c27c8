/** Reads what is served over HTTP as samples. */
import { ofInstance, type Samples, samplesOf } from '../../src/tools/demo/observation/samples.ts';

export { type Samples, seriesOf } from '../../src/tools/demo/observation/samples.ts';

/** A scrape of a host in text 0.0.4; undefined while the host does not answer. */
export async function scrape(url: string, headers: Readonly<Record<string, string>> = {}): Promise<Samples | undefined> {
  const text = await pageAt(url, headers);
  return text === undefined ? undefined : samplesOf(text, url);
}

/** What a Collector serves of one sender: without what it adds (`target_info`, `job`, `instance`) and without other senders. */
export async function scrapeCollector(url: string, instance: string): Promise<Samples | undefined> {
  const text = await pageAt(url);
  return text === undefined ? undefined : samplesOf(text, url, ofInstance(instance));
}

async function pageAt(url: string, headers: Readonly<Record<string, string>> = {}): Promise<string | undefined> {
  const answer = await fetch(url, { headers: { ...headers, accept: 'text/plain' } }).catch(() => undefined);
  return answer?.ok === true ? answer.text() : undefined;
}
