/** What a drafted contract calls a family: itself, the metric's key, and the fields that bring its name out. */
import type { HistogramDeclaration } from '../../../core/contract/declare.ts';
import { resolveMetric } from '../../../core/contract/resolve.ts';
import { instrumentFor, type Kind, unitWord } from '../../../core/naming/index.ts';
import type { ObservedFamily } from '../observed.ts';
import type { Context } from './drafted.ts';

export type Naming = Pick<HistogramDeclaration, 'instrument' | 'series' | 'verbatim' | 'unit'>;

/** What both separators of a contract's labels are made of. */
const plainLabel = /^[a-zA-Z][a-zA-Z0-9]*(_[a-zA-Z0-9]+)*$/;

/** The ways to bring the name out, in order of preference. Which of them are legal, the contract says. */
export function namings(
  family: ObservedFamily,
  kind: Kind,
  key: string,
  labels: Iterable<string>,
  context: Context,
): readonly Naming[] {
  const { name: series, unit: said } = family;
  if (family.instrument !== undefined) {
    // An instrument that no contract can have, or that another series has: the series remains.
    return [
      ...instrumentNamings(family, kind, key, context),
      { series, verbatim: true, ...(said !== undefined && { unit: said }) },
    ];
  }
  const page = pageNaming(family, kind, key, labels, context);
  const whole = series.replace(/_total$/, '');
  if (said === undefined || unitWord(page.unit ?? derivedUnit(series, kind)) === said) {
    const unit = derivedUnit(series, kind);
    // Of `x_seconds` and `x_bytes`, one is the instrument `x`, and the other keeps its unit's word.
    return [
      page,
      { series, instrument: whole.replaceAll('_', '.'), unit },
      { series, verbatim: true, ...(unit !== '' && { unit }) },
    ];
  }
  const unit = unitOf(said);
  const base = whole.endsWith(`_${said}`) ? whole.slice(0, -said.length - 1) : whole;
  return [{ series, instrument: base, unit }, { series, instrument: whole, unit }, { series, verbatim: true, unit }, page];
}

/** The instrument and its unit as they are; the instrument's name is left out where the key brings it out. */
function instrumentNamings(family: ObservedFamily, kind: Kind, key: string, { name }: Context): readonly Naming[] {
  const instrument = family.instrument?.name ?? '';
  const unit = family.unit === undefined ? {} : { unit: family.unit };
  const byKey = resolveMetric(name, key, { kind, declaration: { help: '', ...unit } }, {});
  const isByKey = byKey.instrument === instrument && byKey.series === family.name;
  return [isByKey ? unit : { instrument, ...unit }, { instrument, series: family.name, verbatim: true, ...unit }];
}

/** As little as brings the name out: nothing but the unit, the series, or the series as it is. */
function pageNaming(
  { name: series }: ObservedFamily,
  kind: Kind,
  key: string,
  labels: Iterable<string>,
  { name, names }: Context,
): Naming {
  const family = series.replace(/_total$/, '');
  const isTaken = kind === 'counter' && family !== series && (names.has(family) || names.has(`${family}_created`));
  const declared = instrumentFor(series, kind);
  const arePlain = [...labels].every((label) => plainLabel.test(label) && !['le', 'quantile'].includes(label));
  if (declared === undefined || isTaken || !arePlain) return { series, verbatim: true };
  const unit = declared.unit === '' ? {} : { unit: declared.unit };
  const byKey = resolveMetric(name, key, { kind, declaration: { help: '', ...unit } }, {});
  return byKey.series === series ? unit : { series, ...unit };
}

function derivedUnit(series: string, kind: Kind): string {
  return instrumentFor(series, kind)?.unit ?? '';
}

/** A unit whose word is that of a page. An unknown one is its own. */
function unitOf(word: string): string {
  return instrumentFor(`x_${word}`, 'gauge')?.unit || word;
}

/** The first word of more than half of the series. */
export function nameFor(all: readonly ObservedFamily[]): string {
  const counts = new Map<string, number>();
  for (const { name } of all) {
    const [, word = ''] = /^([a-zA-Z][a-zA-Z0-9]*)_/.exec(name) ?? [];
    counts.set(word, (counts.get(word) ?? 0) + 1);
  }
  const [most = '', count = 0] = [...counts].sort(([, a], [, b]) => b - a)[0] ?? [];
  return most !== '' && count * 2 > all.length ? most : 'app';
}

/** `http_wait_seconds` → `httpWait`: without the contract's name, and the unit's word. */
export function keyFor(
  { name: series, kind, instrument }: ObservedFamily,
  name: string,
  taken: Pick<ReadonlyMap<string, unknown>, 'has'>,
): string {
  const bare = (instrument?.name ?? instrumentFor(series, kind)?.name ?? series.replace(/_total$/, '')).replaceAll('.', '_');
  const words = (bare.startsWith(`${name}_`) ? bare.slice(name.length + 1) : bare)
    .split(/[^a-zA-Z0-9]+/)
    .filter((word) => word !== '');
  const joined = words.map((word, at) => (at === 0 ? word : word.charAt(0).toUpperCase() + word.slice(1))).join('');
  const key = /^[a-zA-Z]/.test(joined) ? joined : `m${joined}`;
  for (let again = 2; ; again++) {
    const tried = again === 2 ? key : `${key}${again - 1}`;
    if (!taken.has(tried)) return tried;
  }
}
