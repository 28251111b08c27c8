/** How received series are called in Prometheus: answers what received series ask about resources, scopes, metrics and series. */
import { escapes, labelName, type Pair, type Strategy } from '../../naming/index.ts';
import type { RowShape } from '../../store/row-layout.ts';
import type { FamilySpec, Source } from '../../store/store.ts';
import type { MetricHead, NotShown, ReceivedGroup, Resolve, ResolvedMetric } from '../resolve.ts';
import { exposedName, plainNames } from './exposed-name.ts';
import { type Claimed, createNameClaims, type Wanted } from './name-claims.ts';
import { plainLabel, readable, utf8Label } from './plain-label.ts';
import { nameOfScope, scopePairs } from './scope-pairs.ts';
import { createSeriesLabels } from './series-labels.ts';
import { nameOfTarget, type Target, targetLabels, targetOf } from './target.ts';
import { createTargetInfo } from './target-info.ts';

export interface SeriesNamesOptions {
  /** Gets a family for each exposed name and shape, already named: render them with the strategy `NoTranslation`, without a namespace, and with an `escaping` where names are UTF-8. */
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
  /** Rows have room for exemplars. */
  readonly exemplars: boolean;
  /** Lines say when their value was taken. */
  readonly timestamps: boolean;
  /** Most exposed names at a time. */
  readonly maxFamilies: number;
  /** Is given each conflict of names once. */
  readonly warn: (message: string) => void;
}

export interface SeriesNames {
  readonly resolve: Resolve;
  /** Exposed names in use, `target_info` not counted. */
  readonly families: number;
  /** How often names or metadata met, each pair once. */
  readonly conflicts: number;
}

interface Scope {
  /** For messages. */
  readonly name: string;
  readonly pairs: readonly Pair[];
}

/** A group, and how many of its metrics are there. */
interface Grouped {
  readonly group: ReceivedGroup;
  users: number;
}

const special: Partial<Record<RowShape['kind'], string>> = { histogram: 'le', summary: 'quantile' };
const ownKind = 'gauge';

export function createSeriesNames(options: SeriesNamesOptions): SeriesNames {
  const { source, strategy, namespace, maxFamilies, warn } = options;
  const labelOf = escapes(strategy) ? plainLabel : utf8Label;
  const info = targetInfoMetric(namespace, strategy);
  const claims = createNameClaims(maxFamilies, info, warn);
  const targetInfo = createTargetInfo(source.family(specOf(info, { kind: ownKind }, ['instance', 'job']), true), labelOf);
  const groups = new Map<Claimed, Grouped>();
  const constants = [...options.constLabels].map(([name, value]): Pair => [labelOf(name), value]).filter(([name]) => name !== '');

  function metricOf(target: Target, scope: Scope, head: MetricHead): ResolvedMetric | NotShown {
    const exposed = exposedName(head, strategy, namespace);
    if (exposed.name === '') return { reason: 'no_name' };
    const claimed = claims.claim({ ...exposed, help: head.description, unit: head.unit, from: nameOfTarget(target), scope: scope.name });
    if ('reason' in claimed) return claimed;
    const labels = createSeriesLabels({ labelOf, ...targetParts(target), special: special[exposed.kind], scope: scope.pairs });
    return Object.freeze({ group: enter(claimed), labels, left: () => leave(claimed) });
  }

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

  function enter(claimed: Claimed): ReceivedGroup {
    const known = groups.get(claimed) ?? { group: groupOf(claimed), users: 0 };
    groups.set(claimed, known);
    known.users++;
    return known.group;
  }

  function leave(claimed: Claimed): void {
    const known = groups.get(claimed);
    if (known !== undefined && --known.users === 0) groups.delete(claimed);
    claimed.release();
  }

  function groupOf(claimed: Claimed): ReceivedGroup {
    let beside: { readonly group: number } | undefined;
    return Object.freeze({
      name: claimed.name,
      kind: claimed.kind,
      exemplars: options.exemplars && (claimed.kind === 'counter' || claimed.kind === 'histogram'),
      open(shape: RowShape, labels: readonly string[]) {
        const family = source.family(specOf(claimed, { ...shape, timestamps: options.timestamps }, labels), true, beside);
        beside ??= { group: family.group };
        return family;
      },
    });
  }

  return Object.freeze({
    get families() {
      return claims.names;
    },
    get conflicts() {
      return claims.conflicts;
    },
    resolve(resource: Uint8Array) {
      const target = targetOf(resource);
      return Object.freeze({
        scope(scope: Uint8Array, schemaUrl: string) {
          const pairs = options.withoutScope ? [] : scopePairs(scope, schemaUrl, labelOf);
          const known = { name: nameOfScope(scope, schemaUrl), pairs };
          return Object.freeze({ metric: (head: MetricHead) => metricOf(target, known, head) });
        },
        entered: () => targetInfo.entered(target),
        left: () => targetInfo.left(target),
      });
    },
  });
}

function specOf({ name, help, unit }: Wanted, shape: RowShape, labels: readonly string[]): FamilySpec {
  return { ...shape, name, unit, help, labels, omitEmpty: true, maxAgeMs: Number.POSITIVE_INFINITY };
}

/** The namespace is made legal as a label is, which is what a Collector does here. */
function targetInfoMetric(namespace: string, strategy: Strategy): Wanted {
  const name = namespace === '' ? 'target_info' : readable(labelName(`${namespace}_target_info`, strategy));
  const { claims } = plainNames(name, ownKind, strategy);
  return { name, kind: ownKind, claims, help: 'Target metadata', unit: '', from: 'this exporter', scope: '' };
}
