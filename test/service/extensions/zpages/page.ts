/** A service with its page, and who sends to it. */
import type { TestContext } from 'node:test';
import { createMetricsWriter, encodeAttributes } from '../../../../src/formats/otlp/index.ts';
import type { Factory } from '../../../../src/service/component.ts';
import { components } from '../../../../src/service/components.ts';
import type {
  Config,
  Extensions,
  Family,
  Features,
  Graph,
  Labels,
  Producers,
  Refusals,
  Scrapers,
  Series,
  Status,
  Tick,
} from '../../../../src/status/model/index.ts';
import { noOwnMetrics, type Rig, startFrom } from '../../graph/rig.ts';

interface Answers {
  readonly status: Status;
  readonly graph: Graph;
  readonly producers: Producers;
  readonly 'producers?all=1': Producers;
  readonly scrapers: Scrapers;
  readonly series: Series;
  readonly labels: Labels;
  readonly refusals: Refusals;
  readonly config: Config;
  readonly extensions: Extensions;
  readonly features: Features;
  readonly tick: Tick;
}

export interface Page extends Rig {
  /** Without a slash at its end. */
  readonly origin: string;
  get<K extends keyof Answers>(name: K): Promise<Answers[K]>;
  family(store: string, name: string): Promise<Family>;
  /** Sends to the n-th receiver that listens; resolves with the status. */
  send(body: Uint8Array, receiver?: number): Promise<number>;
}

export const otlp = "{protocols: {http: {endpoint: '127.0.0.1:0'}}}";

/** A configuration whose page is at a free port. */
export function withPage(components: string, pipelines: string, page = "{endpoint: '127.0.0.1:0'}", extensions = ''): string {
  return `
${components}
extensions: {zpages: ${page}${extensions === '' ? '' : `, ${extensions}`}}
service: {${noOwnMetrics}, extensions: [${['zpages', ...extensions.matchAll(/^(\w+):/g).map(([, id]) => id)].join(', ')}], pipelines: ${pipelines}}`;
}

export async function startWithPage(
  t: TestContext,
  yaml: string,
  options: Parameters<typeof startFrom>[3] = {},
  known: readonly Factory[] = components,
): Promise<Page> {
  const rig = await startFrom(t, yaml, known, options);
  const url = (test: RegExp) => rig.urls().filter((one) => test.test(one));
  const origin = url(/:\d+\/$/)[0]?.slice(0, -1) ?? '';
  const asked = async (path: string) => (await fetch(`${origin}/api/${path}`)).json();
  return {
    ...rig,
    origin,
    get: (name) => asked(name) as never,
    family: (store, name) => asked(`family?${new URLSearchParams({ store, name })}`) as never,
    async send(body, receiver = 0) {
      const headers = { 'content-type': 'application/x-protobuf' };
      const response = await fetch(url(/v1\/metrics$/)[receiver] ?? '', {
        method: 'POST',
        headers,
        body: body as Uint8Array<ArrayBuffer>,
      });
      await response.arrayBuffer();
      return response.status;
    },
  };
}

export interface Sent {
  readonly metric?: string;
  readonly description?: string;
  readonly points?: number;
  /** Of each point, by its number. */
  readonly attributes?: (at: number) => Readonly<Record<string, string>>;
  readonly resource?: Readonly<Record<string, string>>;
  readonly timeMs?: number;
}

/** A request with so many gauges of one metric. */
export function requestOf({
  metric = 'm',
  description = 'What it is.',
  points = 1,
  attributes = (at) => ({ at: String(at) }),
  resource = {},
  timeMs = 1,
}: Sent): Uint8Array {
  const writer = createMetricsWriter({ points: points + 1, bytes: 1e8 });
  writer.resource({ attributes: encodeAttributes(resource) });
  writer.scope({ name: 's', version: '' });
  writer.metric({ name: metric, type: 'gauge', description, unit: '', temporality: 'cumulative', monotonic: false });
  for (let at = 0; at < points; at++) {
    const bytes = encodeAttributes(attributes(at));
    writer.number({ attributes: bytes, from: 0, to: bytes.length, startMs: 0, timeMs }, at);
  }
  return Buffer.concat(writer.end().map(({ bytes }) => bytes));
}

export const totals = ({ edges }: Graph) =>
  Object.fromEntries(edges.map(({ from, to, pipeline, total }) => [`${from} > ${to} (${pipeline})`, total]));
