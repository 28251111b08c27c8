import { Readable } from 'node:stream';
import type { CheckFinding } from '../../../../src/tools/check/finding.ts';
import type { Observed } from '../../../../src/tools/check/observed.ts';
import { readPage } from '../../../../src/tools/check/page/read-page.ts';

export const accepts = {
  text: 'text/plain; version=0.0.4',
  openmetrics: 'application/openmetrics-text; version=1.0.0',
  protobuf: 'application/vnd.google.protobuf; proto=io.prometheus.client.MetricFamily; encoding=delimited',
} as const;

export type PageFormat = keyof typeof accepts;

export const formats = Object.keys(accepts) as PageFormat[];

/** What an exposition shows. Fails the test if Prometheus would reject it. */
export async function observe(page: string | Uint8Array, format: PageFormat = 'text'): Promise<Observed> {
  const bytes = typeof page === 'string' ? Buffer.from(page) : page;
  const { observed, findings } = await readPage(Readable.from([bytes]), { source: `page.${format}`, format, maxBytes: 1e8 });
  const rejected = findings.filter(({ severity }) => severity === 'error');
  if (rejected.length > 0) throw new Error(`not an exposition: ${JSON.stringify(rejected, undefined, 1)}`);
  return observed;
}

export async function scrape(url: string, format: PageFormat): Promise<Uint8Array> {
  const response = await fetch(url, { headers: { accept: accepts[format] } });
  return new Uint8Array(await response.arrayBuffer());
}

/** What breaks the contract, in short; a limit that random values come near is a warning: `id family label contract got`. */
export function errorsOf(findings: readonly CheckFinding[]): readonly string[] {
  return findings.filter(({ severity }) => severity === 'error').map(short);
}

export function short({ id, family, label, contract, got }: CheckFinding): string {
  return [id, family, label, contract, got].filter((part) => part !== undefined).join(' | ');
}
