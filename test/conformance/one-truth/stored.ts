/** Holds what a real Prometheus 3 stores of pages, scraped in each format, to what was recorded. */
import assert from 'node:assert/strict';
import type { TestContext } from 'node:test';
import { inReverse } from '../in-reverse.ts';
import { requirePeer } from '../peers.ts';
import { type Prometheus, runPrometheus } from '../prometheus.ts';
import { type Random, random } from '../random.ts';
import type { Truth } from './truth.ts';

const formats = ['PrometheusText0.0.4', 'OpenMetricsText1.0.0', 'PrometheusProto'] as const;

/** What a road has led to. */
export interface Page {
  readonly url: string;
  readonly truth: Truth;
  /** Of the page's series those with this label `job`, where it shows several roads. */
  readonly job?: string;
}

/** Where there is a Prometheus. */
export function generatorFor(t: TestContext): Random | undefined {
  if (requirePeer(t, 'prometheus3') === undefined) return undefined;
  const generator = random();
  t.diagnostic(`METERBRIDGE_SEED=${generator.seed}`);
  return generator;
}

/** @param least series that each page has at least, so that a test is not about nothing */
export async function assertStored(t: TestContext, pages: Readonly<Record<string, Page>>, least = 30): Promise<void> {
  const binary = requirePeer(t, 'prometheus3') as string;
  const urls = [...new Set(Object.values(pages).map(({ url }) => url))];
  const jobOf = (url: string, format: string) => `${urls.indexOf(url)}, ${format}`;
  const prometheus = await runPrometheus(t, binary, {
    scrape_configs: urls.flatMap((url) => formats.map((format) => jobConfig(jobOf(url, format), new URL(url), format))),
  });
  inReverse(t)(prometheus.stop);
  const at = await prometheus.scraped();
  for (const [road, { url, truth, job }] of Object.entries(pages)) {
    const recorded = [...truth].map(([key, value]) => `${key} ${value}`).sort();
    assert.ok(recorded.length >= least, `${road}: ${recorded.length} series`);
    for (const format of formats)
      await t.test(`${road}, ${format}`, async () =>
        assert.deepEqual(await stored(prometheus, jobOf(url, format), at, job), recorded),
      );
  }
}

const jobConfig = (name: string, { host, pathname }: URL, format: string) => ({
  job_name: name,
  scrape_protocols: [format],
  fallback_scrape_protocol: 'PrometheusText0.0.4',
  metrics_path: pathname,
  static_configs: [{ targets: [host] }],
});

async function stored(prometheus: Prometheus, job: string, at: number, own: string | undefined): Promise<string[]> {
  const results = await prometheus.query(
    `{job="${job}",__name__=~"truth_.+"${own === undefined ? '' : `,exported_job="${own}"`}}`,
    at,
  );
  return results
    .map(({ labels: { __name__: name, ...labels }, value }) => {
      const those = Object.entries(labels).filter(([label]) => !/^(?:otel_scope_|exported_)/.test(label));
      const texts = those.map(([label, text]) => `${label}=${label === 'le' ? Number(text.replace('Inf', 'Infinity')) : text}`);
      return `${name}{${texts.sort().join()}} ${Number(value)}`;
    })
    .sort();
}
