/**
 * How received series are called in Prometheus. Each name is worked out once and kept while a stream that uses it exists, so that
 * working it out may be expensive. Bytes belong to the caller: nothing here keeps any.
 */
import { createMergedNames, escapes, labelName, type Pair, type Strategy } from '../../../core/naming/index.ts';
import type { RowShape } from '../../../core/store/cells/row-layout.ts';
import type { Family, FamilySpec, Source } from '../../../core/store/store.ts';
import { exposedName, plainNames, type ReceivedMetric } from './exposed-name.ts';
import { type Claimed, NameClaims, type NotShown, type Wanted } from './name-claims.ts';
import { plainLabel, readable, utf8Label } from './plain-label.ts';
import { nameOfScope, scopePairs } from './scope-pairs.ts';
import { createExemplarLabels, createSeriesLabels, type MakeLabels } from './series-labels.ts';
import { nameOfTarget, type Target, targetLabels } from './target.ts';
import { createTargetInfo, type TargetInfo } from './target-info.ts';

export interface SeriesNamesOptions {
  /**
   * Gets a family for each exposed name and shape, already named: render them with the strategy `NoTranslation`, without a
   * namespace, and with an `escaping` where names are UTF-8.
   */
  readonly source: Source;
  readonly strategy: Strategy;
  /** Ahead of all names; `''` for none. */
  readonly namespace: string;
  /** Labels of every series but `target_info`. */
  readonly constLabels: ReadonlyMap<string, string>;
  /** Series have no `otel_scope_…`. */
  readonly withoutScope: boolean;
  /** Attributes of the resource that become labels: none, all, or all but those of which `job` and `instance` are made. */
  readonly resourceLabels: 'none' | 'all' | 'others';
  /** Rows have space for exemplars. */
  readonly exemplars: boolean;
  /** Lines say when their value was taken. */
  readonly timestamps: boolean;
  /** Most exposed names at a time. */
  readonly maxFamilies: number;
  /** Is given each conflict of names once. */
  readonly warn: (message: string) => void;
  /** Is given each set of attributes that are one label once. Default: nothing is said. */
  readonly onJoined?: (message: string) => void;
}

export interface SeriesNames {
  /** `scope`: the bytes of an `InstrumentationScope` message, empty for none. */
  scope(scope: Uint8Array, schemaUrl: string): NamedScope;
  /**
   * Of a metric that is not exposed nothing is kept: it is looked up again, and so appears once the conflicting metric has gone.
   */
  metric(target: Target, scope: NamedScope, head: ReceivedMetric): NamedMetric | NotShown;
  /** What makes the labels of a metric that is shown, as in `NamedMetric`. */
  labels(target: Target, scope: NamedScope, claimed: Claimed): NamedMetric['labels'];
  /**
   * A family for rows under a name, its `labels` those of its first row. `beside`: another one of this name. The caller ends it.
   */
  open(claimed: Claimed, shape: RowShape, labels: readonly string[], beside?: Pick<Family, 'group'>): Family;
  /** Whether rows have space for exemplars: where no offered format shows them, they are not kept. */
  keepsExemplars(claimed: Claimed): boolean;
  /** Makes the labels of an exemplar from its attributes. */
  readonly exemplarLabels: MakeLabels;
  /**
   * A name as it was kept: the description, unit and type that were first. Returns what lets go of it, behind the metrics that
   * have it.
   */
  hold(name: Wanted): () => void;
  readonly targets: TargetInfo;
  /** Exposed names in use, `target_info` not counted. */
  readonly families: number;
  /** How often names or metadata were in conflict, each pair once, and sets of attributes that are one label. */
  readonly conflicts: number;
  /** Bytes of the heap that it takes. */
  readonly heap: number;
}

export interface NamedScope {
  /** For messages. */
  readonly name: string;
  readonly pairs: readonly Pair[];
}

/** A metric of a resource and a scope that is shown. */
export interface NamedMetric {
  /** Series of metrics with one exposed name are distinguished by their labels alone. */
  readonly claimed: Claimed;
  /** Called once for each series. `attributes`: the point's `KeyValue` fields, tag and length included, one after the other. */
  readonly labels: MakeLabels;
  /** Bytes of the labels that all its series have, beside those of their attributes. */
  readonly labelBytes: number;
}

const special: Partial<Record<RowShape['kind'], string>> = { histogram: 'le', summary: 'quantile' };
const ownKind = 'gauge';
/** What the service's lines about names that merge end with. */
export const mergedFix = 'Rename all but one, or drop them in the sender';

export function createSeriesNames(options: SeriesNamesOptions): SeriesNames {
  const { source, strategy, namespace, maxFamilies, warn, onJoined = () => {} } = options;
  const labelOf = escapes(strategy) ? plainLabel : utf8Label;
  const info = targetInfoMetric(namespace, strategy);
  const claims = new NameClaims(maxFamilies, info, warn);
  const joined = createMergedNames(onJoined, mergedFix);
  const targets = createTargetInfo(
    source.family(specOf(info, { kind: ownKind }, ['instance', 'job']), true),
    labelOf,
    joined.joined,
  );
  /** Of the metric before: most often, the next one is of the same scope. */
  let made:
    | (Pick<NamedMetric, 'labels' | 'labelBytes'> & { target: Target; scope: NamedScope; special: string | undefined })
    | undefined;
  const constants = [...options.constLabels].map(([name, value]): Pair => [labelOf(name), value]).filter(([name]) => name !== '');

  /** Constant labels win over `job` and `instance`, which become `exported_…` then. */
  function targetParts(target: Target) {
    const own = targetLabels(target);
    const all = new Map(constants);
    for (const [name, value] of own) all.set(all.has(name) ? `exported_${name}` : name, value);
    return { own: all, resource: resourceOf(target) };
  }

  function resourceOf({ attributes, others }: Target): readonly Pair[] {
    if (options.resourceLabels === 'none') return [];
    return options.resourceLabels === 'all' ? attributes : others;
  }

  function labelsOf(target: Target, scope: NamedScope, { kind }: Pick<Claimed, 'kind'>) {
    const own = special[kind];
    if (made?.target !== target || made.scope !== scope || made.special !== own)
      made = { target, scope, special: own, ...make(target, scope, own) };
    return { labels: made.labels, labelBytes: made.labelBytes };
  }

  function make(target: Target, scope: NamedScope, own: string | undefined): Pick<NamedMetric, 'labels' | 'labelBytes'> {
    const parts = targetParts(target);
    const labelBytes = [...parts.own, ...parts.resource, ...scope.pairs].reduce((sum, pair) => sum + bytesOf(pair), 0);
    return {
      labels: createSeriesLabels({ labelOf, ...parts, special: own, scope: scope.pairs, onJoined: joined.joined }),
      labelBytes,
    };
  }

  return Object.freeze<SeriesNames>({
    get families() {
      return claims.names;
    },
    get conflicts() {
      return claims.conflicts + joined.count;
    },
    get heap() {
      return claims.heap + targets.heap + joined.heap;
    },
    targets,
    scope: (scope, schemaUrl) => ({
      name: nameOfScope(scope, schemaUrl),
      pairs: options.withoutScope ? [] : scopePairs(scope, schemaUrl, labelOf),
    }),
    metric(target, scope, head) {
      const exposed = exposedName(head, strategy, namespace);
      if (exposed.name === '') return { reason: 'no_name' };
      const claimed = claims.claim({
        ...exposed,
        help: head.description,
        unit: head.unit,
        // Called for the first metric of a name, and for others where they differ.
        get from() {
          return nameOfTarget(target);
        },
        scope: scope.name,
      });
      if ('reason' in claimed) return claimed;
      return { claimed, ...labelsOf(target, scope, claimed) };
    },
    hold(name) {
      const claimed = claims.claim(name);
      return 'reason' in claimed ? () => {} : () => claimed.release();
    },
    labels: (target, scope, claimed) => labelsOf(target, scope, claimed).labels,
    open: (claimed, shape, labels, beside) =>
      source.family(specOf(claimed, { ...shape, timestamps: options.timestamps }, labels), true, beside),
    keepsExemplars: ({ kind }) => options.exemplars && (kind === 'counter' || kind === 'histogram'),
    exemplarLabels: createExemplarLabels(labelOf),
  });
}

function bytesOf([name, value]: Pair): number {
  return Buffer.byteLength(name) + Buffer.byteLength(value);
}

function specOf({ name, help, unit }: Wanted, shape: RowShape, labels: readonly string[]): FamilySpec {
  return { ...shape, ...typeOf(shape), name, unit, help, labels, omitEmpty: true, maxAgeMs: Number.POSITIVE_INFINITY };
}

/** OpenMetrics has the states of a set together, with times that do not fall, which is not known of those that senders give. */
function typeOf({ kind, timestamps }: RowShape): Pick<FamilySpec, 'typed' | 'sorted'> {
  if (kind === 'info') return { typed: true };
  return kind === 'stateset' && timestamps !== true ? { typed: true, sorted: true } : {};
}

/** The namespace is made legal as a label is, which is what a Collector does here. */
function targetInfoMetric(namespace: string, strategy: Strategy): Wanted {
  const name = namespace === '' ? 'target_info' : readable(labelName(`${namespace}_target_info`, strategy));
  const { claims } = plainNames(name, ownKind, strategy);
  return { name, kind: ownKind, claims, help: 'Target metadata', unit: '', from: 'this exporter', scope: '' };
}
