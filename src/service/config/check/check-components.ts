/** One of the sections `receivers`, `processors`, `exporters`, `connectors`, `extensions`. */
import { type Findings, parseComponentId, wrong } from '../../../core/config/schema/index.ts';
import { placeOf, refuse } from '../../../core/config/schema/refuse.ts';
import type { ReadValue } from '../../../core/config/schema/schema.ts';
import { kindOf } from '../../../core/config/tree.ts';
import { nearest } from '../../../core/errors/nearest.ts';
import { type CollectorKind, collectorHas, currentType, insteadOfGone, substituteOf } from '../collector-components.ts';
import type { CheckedComponent, CheckedOf, ComponentKind, Described } from '../config.ts';
import type { UsedBy } from '../other-signals.ts';

export interface Components<D extends Described, K extends ComponentKind> {
  readonly checked: CheckedOf<D, K>;
  /** Ids in the section, whether the component could be read or not. Undefined: the section could not be read. */
  readonly defined: ReadonlySet<string> | undefined;
}

/** @param usedBy where components that no pipeline of metrics uses may be left out: `--metrics-only` */
export function checkComponents<D extends Described, K extends ComponentKind>(
  kind: K | 'connector',
  section: ReadValue,
  components: readonly D[],
  usedBy: UsedBy | undefined,
  findings: Findings,
): Components<D, K> {
  const ours = components.filter((one): one is Extract<D, { readonly kind: K }> => one.kind === kind);
  const checked = new Map<string, CheckedComponent<Extract<D, { readonly kind: K }>>>();
  const defined = new Set<string>();
  if (section.tree.kind === 'nothing') return { checked, defined: section.tree.broken ? undefined : defined };
  if (section.tree.kind !== 'section') {
    refuse(section, findings, kindOf(section.tree), 'it has keys below it', 'write TYPE: or TYPE/NAME:');
    return { checked, defined: undefined };
  }
  for (const [key, { at, value }] of section.tree.entries) {
    const keys = `${section.keys}.${key}`;
    const named: ReadValue = { tree: { kind: 'nothing', at }, keys };
    const parsed = parseComponentId(key);
    if (parsed === undefined) {
      refuse(named, findings, JSON.stringify(key), 'a component id is TYPE or TYPE/NAME', 'write otlp or otlp/2');
      continue;
    }
    const { id, type } = parsed;
    if (defined.has(id)) refuse(named, findings, JSON.stringify(key), 'a key occurs once in its section', 'keep one of the two');
    defined.add(id);
    const user = usedBy?.(kind, id) ?? 'metrics';
    if (user === 'other signals') {
      findings.warnings.push(`${placeOf(at, keys)}: no pipeline of metrics uses it, and it is left out`);
      continue;
    }
    const current = currentType(kind, type);
    const factory = ours.find((one) => one.type === current);
    if (factory !== undefined) {
      if (current !== type) findings.warnings.push(`${placeOf(at, keys)}: ${type} is deprecated; write ${current}`);
      const settings = factory.schema.read({ tree: value.kind === 'nothing' ? { ...value, at } : value, keys }, findings);
      if (settings !== wrong) checked.set(id, { id, factory, settings, at: placeOf(at, keys) });
    } else if (user === 'none' && collectorHas(kind, current)) {
      findings.warnings.push(
        `${placeOf(at, keys)}: meterbridge serve has no ${kind} ${type}; nothing uses it, and it is left out`,
      );
    } else foreign(kind, type, named, ours, findings);
  }
  return { checked, defined };
}

function foreign(kind: CollectorKind, type: string, named: ReadValue, ours: readonly Described[], findings: Findings): void {
  const types = ours.map((one) => one.type);
  const all = types.length === 0 ? 'leave it out' : `use ${types.join(', ')}`;
  const got = JSON.stringify(type);
  if (collectorHas(kind, type)) {
    refuse(named, findings, got, `the Collector has this ${kind}, meterbridge serve has not`, substituteOf(kind, type) ?? all);
    return;
  }
  const instead = insteadOfGone(kind, type);
  if (instead !== undefined) {
    refuse(named, findings, got, `the Collector has this ${kind} no longer`, instead);
    return;
  }
  const near = nearest(type, types);
  refuse(named, findings, got, `unknown type: there is no such ${kind}`, near === undefined ? all : `write ${near}`);
}
