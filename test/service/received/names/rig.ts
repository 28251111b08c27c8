/** Names and labels over a store, for tests: what is shown of a metric, as text. */

import { createStore, type Family } from '../../../../src/core/store/index.ts';
import { createRenderer } from '../../../../src/formats/exposition/index.ts';
import {
  type Claimed,
  createSeriesNames,
  labelTexts,
  type NamedMetric,
  type NotShown,
  type ReceivedMetric,
  type SeriesNamesOptions,
  targetOf,
} from '../../../../src/service/received/names/index.ts';
import { type Attributes, attributes, resource, scope } from './protobuf.ts';

export interface Sent {
  readonly resource?: Attributes;
  readonly scope?: readonly [name: string, version?: string, attributes?: Attributes];
  readonly schemaUrl?: string;
  readonly metadata?: Attributes;
  readonly point?: Attributes;
}

export function headOf(name: string, over: Partial<ReceivedMetric> = {}): ReceivedMetric {
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
  const groups = new Map<Claimed, Family>();
  const renderer = createRenderer(store.view, { strategy: 'NoTranslation' });

  function ask(head: ReceivedMetric, sent: Sent = {}): NamedMetric | NotShown {
    const target = targetOf(resource(sent.resource ?? {}));
    const within = names.scope(sent.scope === undefined ? new Uint8Array(0) : scope(...sent.scope), sent.schemaUrl ?? '');
    return names.metric(target, within, {
      ...head,
      metadata: sent.metadata === undefined ? head.metadata : attributes(sent.metadata, 12),
    });
  }

  /** Of a metric that is shown. */
  function labels(head: ReceivedMetric, sent: Sent = {}): Readonly<Record<string, unknown>> {
    const metric = ask(head, sent);
    if ('reason' in metric) throw new Error(`not shown: ${metric.reason}`);
    const { names, values } = labelTexts(metric.labels(attributes(sent.point ?? {})));
    metric.claimed.release();
    return Object.fromEntries(names.map((name, at) => [name, values[at]]));
  }

  /** A series of the value 1; only types with one cell. */
  function show(head: ReceivedMetric, sent: Sent = {}): { readonly metric: NamedMetric; end(): void } {
    const metric = ask(head, sent);
    if ('reason' in metric) throw new Error(`not shown: ${metric.reason}`);
    const series = metric.labels(attributes(sent.point ?? {}));
    const family = names.open(metric.claimed, { kind: metric.claimed.kind }, series.names, groups.get(metric.claimed));
    groups.set(metric.claimed, family);
    family.row(series, 0, 1);
    return {
      metric,
      end() {
        family.end();
        metric.claimed.release();
      },
    };
  }

  async function text(format: 'text' | 'openmetrics' = 'text'): Promise<string> {
    const rendering = await renderer.render(format);
    if (!('body' in rendering)) throw new Error('too large');
    return Buffer.from(rendering.body).toString();
  }

  /** A resource's `target_info`. */
  function targetOfAttributes(attributes: Attributes) {
    const target = targetOf(resource(attributes));
    return {
      entered: () => names.targets.entered(target, target),
      left: () => names.targets.left(target, target, (other) => other),
    };
  }

  return { ask, labels, show, text, warnings, names, target: targetOfAttributes };
}
