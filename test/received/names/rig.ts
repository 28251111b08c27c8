/** Names and labels over a store, for tests: what is shown of a metric, as text. */

import { createRenderer } from '../../../src/exposition/index.ts';
import { createSeriesNames, type SeriesNamesOptions } from '../../../src/received/names/index.ts';
import type { MetricHead, NotShown, ResolvedMetric } from '../../../src/received/resolve.ts';
import { createStore } from '../../../src/store/index.ts';
import { type Attributes, attributes, resource, scope } from './protobuf.ts';

export interface Sent {
  readonly resource?: Attributes;
  readonly scope?: readonly [name: string, version?: string, attributes?: Attributes];
  readonly schemaUrl?: string;
  readonly metadata?: Attributes;
  readonly point?: Attributes;
}

export function headOf(name: string, over: Partial<MetricHead> = {}): MetricHead {
  return { name, unit: '', description: '', type: 'gauge', monotonic: false, metadata: new Uint8Array(0), ...over };
}

export const counter = { type: 'sum', monotonic: true } as const;

export function createRig(over: Partial<Omit<SeriesNamesOptions, 'source' | 'warn'>> = {}) {
  const store = createStore();
  const warnings: string[] = [];
  const names = createSeriesNames({
    source: store.source({ scope: { name: '' } }),
    strategy: 'UnderscoreEscapingWithSuffixes',
    namespace: '',
    constLabels: new Map(),
    withoutScope: true,
    resourceLabels: 'none',
    exemplars: false,
    timestamps: false,
    maxFamilies: 1000,
    warn: (message) => warnings.push(message),
    ...over,
  });
  const renderer = createRenderer(store.view, { strategy: 'NoTranslation' });

  function ask(head: MetricHead, sent: Sent = {}): ResolvedMetric | NotShown {
    const target = names.resolve(resource(sent.resource ?? {}));
    const within = target.scope(sent.scope === undefined ? new Uint8Array(0) : scope(...sent.scope), sent.schemaUrl ?? '');
    return within.metric({ ...head, metadata: sent.metadata === undefined ? head.metadata : attributes(sent.metadata, 12) });
  }

  /** Of a metric that is shown. */
  function labels(head: MetricHead, sent: Sent = {}): Readonly<Record<string, unknown>> {
    const metric = ask(head, sent);
    if ('reason' in metric) throw new Error(`not shown: ${metric.reason}`);
    const { names, values } = metric.labels(attributes(sent.point ?? {}));
    metric.left();
    return Object.fromEntries(names.map((name, at) => [name, values[at]]));
  }

  /** A series of the value 1; only types with one cell. */
  function show(head: MetricHead, sent: Sent = {}): { readonly metric: ResolvedMetric; end(): void } {
    const metric = ask(head, sent);
    if ('reason' in metric) throw new Error(`not shown: ${metric.reason}`);
    const series = metric.labels(attributes(sent.point ?? {}));
    const family = metric.group.open({ kind: metric.group.kind }, series.names);
    if (family === undefined) throw new Error('no family');
    family.row(series, 0, 1);
    return {
      metric,
      end() {
        family.end();
        metric.left();
      },
    };
  }

  async function text(format: 'text' | 'openmetrics' = 'text'): Promise<string> {
    const rendering = await renderer.render(format);
    if (!('body' in rendering)) throw new Error('too large');
    return Buffer.from(rendering.body).toString();
  }

  return { ask, labels, show, text, warnings, names };
}
