/** What can be said of a page without a contract, besides what its parser says. */

import { isCamelCase, nameRules } from '../../../core/contract/name-rules.ts';
import { shown } from '../../../core/errors/shown.ts';
import type { CheckFinding } from '../finding.ts';
import type { Observed, ObservedFamily } from '../observed.ts';
import { found, type LintId } from './catalogue.ts';

export interface LintLimits {
  /** Series of a family. @default 10000 */
  readonly maxSeries?: number;
  /** Values of a label. @default 1000 */
  readonly maxValues?: number;
}

/** A family with more of them is seldom meant; Prometheus' own guide speaks of hundreds. */
export const defaultMaxSeries = 10_000;
export const defaultMaxValues = 1_000;

/** In the order of the families; for each, those of the family and then those of its labels. */
export function lint(observed: Observed, limits: LintLimits = {}): readonly CheckFinding[] {
  const { source } = observed;
  const list: CheckFinding[] = [];
  if (observed.samples === 0) list.push(found('no-samples', { source, got: 'none' }));
  for (const family of observed.families.values()) {
    const at = { source, family: family.name, ...(family.line !== undefined && { line: family.line }) };
    const say = (id: LintId, got: string): void => void list.push(found(id, { ...at, got }));
    named(family, at, list);
    described(family, say);
    counted(family, observed, limits, say);
    labelled(family, limits, (id, label, got) => void list.push(found(id, { ...at, label, got })));
  }
  return list;
}

type Place = Pick<CheckFinding, 'source' | 'family' | 'line'>;

function named({ name, kind }: ObservedFamily, at: Place, list: CheckFinding[]): void {
  for (const { id, rule, link, check } of nameRules) {
    const broken = check({ series: name, kind });
    if (broken !== undefined) list.push({ id, severity: 'warning', ...at, got: broken.message, rule, fix: broken.fix, link });
  }
}

function described(family: ObservedFamily, say: (id: LintId, got: string) => void): void {
  const { name, kind, typed, help } = family;
  if (help === undefined || help === '') say('help-missing', `${name} without HELP`);
  if (!typed) say('type-missing', `${name} without TYPE`);
  else if (kind === 'unknown') say('type-unknown', `${name} of unknown type`);
  if (/_percent(?:age)?(?:_|$)/.test(name)) say('percent-unit', name);
}

function counted(family: ObservedFamily, { format }: Observed, limits: LintLimits, say: (id: LintId, got: string) => void): void {
  const { maxSeries = defaultMaxSeries } = limits;
  if (family.series > maxSeries) say('series-limit', `${family.series} series of ${family.name}, more than ${maxSeries}`);
  if (family.bounds.length > 1) {
    const [one = [], other = []] = family.bounds;
    say('bounds-differ', `${family.bounds.length} lists of bounds, such as ${shown(one)} and ${shown(other)}`);
  }
  if (format !== 'text' && family.starts > 0 && family.starts < family.series) {
    say('start-partly', `${family.starts} of ${family.series} series of ${family.name} have one`);
  }
}

function labelled(family: ObservedFamily, limits: LintLimits, say: (id: LintId, label: string, got: string) => void): void {
  const { maxValues = defaultMaxValues } = limits;
  for (const [name, { values, distinct }] of family.labels) {
    const where = `${shown(name)} of ${family.name}`;
    if (name === 'le' && family.kind !== 'unknown') say('le-label', name, where);
    if (name === 'quantile' && family.kind !== 'unknown') say('quantile-label', name, where);
    if (name === 'job' || name === 'instance') say('target-label', name, where);
    if (isCamelCase(name)) say('label-camel-case', name, where);
    if (values.has('')) say('label-empty', name, where);
    if (distinct > maxValues) {
      const number = distinct > values.size ? `about ${distinct}` : String(distinct);
      const examples = [...values].slice(0, 3).map((value) => shown(value, 60));
      say('values-limit', name, `${number} values of ${where}, more than ${maxValues}, such as ${examples.join(', ')}`);
    }
  }
}
