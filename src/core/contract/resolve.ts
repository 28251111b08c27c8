/** Completes a declaration with every default. Never throws: `validate` reports the problems of the result. */

import { familyName, instrumentFor } from '../naming/index.ts';
import type { Kind } from '../naming/kind.ts';
import type { AnyDeclaration, Declared } from './declare.ts';
import type { ConstantLabels, Exponential, Labels, Metric } from './metric.ts';

/**
 * The default bounds of a histogram in seconds: those of the Prometheus clients. The OpenTelemetry SDK's defaults are for
 * milliseconds and would put every duration into the first bucket.
 */
const SECONDS_BOUNDS: readonly number[] = Object.freeze([0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10]);

/** The specification's defaults: 160 buckets resolve three orders of magnitude to 4.4 %, and cost 1.3 kB per series. */
export const DEFAULT_EXPONENTIAL: Exponential = Object.freeze({ maxSize: 160, maxScale: 20 });

export function resolveMetric(
  contractName: string,
  key: string,
  { kind, declaration }: Declared,
  constantLabels: ConstantLabels,
): Metric {
  const labels: Labels = Object.freeze({ ...declaration.labels });
  const observed = declaration.observed ?? false;
  const named = names(contractName, key, kind, declaration);
  return Object.freeze({
    kind,
    observed,
    labels,
    ...named,
    help: declaration.help,
    bounds: bounds(kind, named.unit, declaration),
    ...exponential(declaration),
    minMax: declaration.minMax ?? false,
    ...(declaration.counters !== undefined && { counters: Object.freeze({ ...declaration.counters }) }),
    zeroFilled: declaration.zeroFilled ?? zeroFilledByDefault(kind, labels, observed),
    omitEmpty: declaration.omitEmpty ?? false,
    exemplars: declaration.exemplars ?? false,
    unknownStart: declaration.unknownStart ?? false,
    ...across(kind, declaration),
    constantLabels: Object.freeze({ ...constantLabels, ...declaration.constantLabels }),
    deprecated: declaration.deprecated,
    stability: declaration.stability ?? 'stable',
  });
}

/** `runwisp`, `daemonMemoryUsed` → `runwisp.daemon.memory.used`. */
function instrumentName(contractName: string, key: string): string {
  const words = key
    .replace(/([a-z0-9])([A-Z])/g, '$1.$2')
    .replace(/([A-Z])([A-Z][a-z])/g, '$1.$2')
    .replaceAll('_', '.')
    .toLowerCase();
  return `${contractName.replaceAll('_', '.')}.${words}`;
}

function names(contractName: string, key: string, kind: Kind, given: AnyDeclaration) {
  const derived = declaredFor(kind, given);
  const instrument = given.instrument ?? derived?.name ?? instrumentName(contractName, key);
  const unit = given.unit ?? derived?.unit ?? '';
  const series = given.series ?? familyName({ name: instrument, unit, kind });
  return { instrument, unit, series, ...(given.verbatim === true && { verbatim: true as const }) };
}

function declaredFor(kind: Kind, { series, verbatim }: AnyDeclaration): ReturnType<typeof instrumentFor> {
  if (series === undefined || verbatim !== true) return series === undefined ? undefined : instrumentFor(series, kind);
  // As near as an instrument's name can be.
  return { name: series.replaceAll(':', '.').replace(/^[^a-zA-Z]+/, ''), unit: '' };
}

function bounds(kind: Kind, unit: string, given: AnyDeclaration): readonly number[] {
  if (given.bounds !== undefined) return Object.freeze([...given.bounds]);
  if (given.exponential) return Object.freeze([]);
  return kind === 'histogram' && unit === 's' ? SECONDS_BOUNDS : Object.freeze([]);
}

function exponential(given: AnyDeclaration): Pick<Metric, 'exponential'> {
  const { maxSize, maxScale } = DEFAULT_EXPONENTIAL;
  const declared = given.exponential;
  // Untyped code may pass anything
  if (!declared) return {};
  const { textBuckets } = declared;
  return {
    exponential: Object.freeze({
      maxSize: declared.maxSize ?? maxSize,
      maxScale: declared.maxScale ?? maxScale,
      ...(textBuckets !== undefined && { textBuckets }),
    }),
  };
}

/** Undeclared on another kind, it stays away: of these, only the kind decides. */
function across(kind: Kind, given: AnyDeclaration): Pick<Metric, 'across'> {
  const isLevel = kind === 'gauge' || kind === 'updowncounter';
  return isLevel || given.across !== undefined ? { across: given.across ?? 'sum' } : {};
}

/** Zero means "possible, but has not happened", which is known only if every combination is known. */
function zeroFilledByDefault(kind: Kind, labels: Labels, observed: boolean): boolean {
  const sums = kind === 'counter' || kind === 'updowncounter';
  const all = Object.values(labels);
  if (all.length === 0) return sums && !observed;
  return (sums || kind === 'gauge') && all.every((label) => label?.kind === 'closed');
}
