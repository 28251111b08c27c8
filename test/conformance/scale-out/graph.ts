/** What Prometheus has for a query over a time: every second a value, or none. */
import { bodyOf } from '../child.ts';
import type { Prometheus } from '../prometheus.ts';

export interface Line {
  readonly labels: Readonly<Record<string, string>>;
  /** In seconds since the epoch; seconds without a value are absent. */
  readonly values: readonly (readonly [at: number, value: number])[];
}

export async function graph({ url }: Prometheus, query: string, from: number, to: number): Promise<readonly Line[]> {
  const body = await bodyOf(
    `${url}/api/v1/query_range?${new URLSearchParams({ query, start: `${from}`, end: `${to}`, step: '1' })}`,
  );
  if (body === undefined) throw new Error(`Prometheus refuses ${query}`);
  const { data } = JSON.parse(body) as { data: { result: { metric: Record<string, string>; values: [number, string][] }[] } };
  return data.result.map(({ metric, values }) => ({
    labels: metric,
    values: values.map(([at, value]) => [at, Number(value)] as const),
  }));
}
