/** The rules of the option `views`: each problem names the view by its place in the list. */
import { boundsProblems, exponentialProblems } from '../../../core/contract/size-rules.ts';
import type { Problem } from '../../../core/errors/error.ts';
import {
  choice,
  flag,
  listOf,
  must,
  type OptionRule,
  type OptionRules,
  options,
  text,
} from '../../../core/errors/option-rules.ts';
import { shown } from '../../../core/errors/shown.ts';
import { isInstrumentName } from '../../../core/naming/index.ts';
import { hasWildcard } from './name-pattern.ts';
import { instrumentTypes } from './selection.ts';
import type { AttributeKeys, ViewAggregation, ViewOptions } from './view-options.ts';

const criteria = ['instrumentName', 'instrumentType', 'instrumentUnit', 'meterName', 'meterVersion', 'meterSchemaUrl'] as const;

const string = must((value) => typeof value === 'string', 'it is a text', 'write it in quotes, or leave it out');
const metricName = must(
  (value) => typeof value === 'string' && isInstrumentName(value),
  'a name begins with a letter, and has letters, digits, "_", ".", "-" and "/" only, 255 characters at most',
  'give such a name, or leave it out for that of the instrument',
);
const keys = listOf(string, "list keys, e.g. ['http.route']");
const attributeKeys: OptionRules<AttributeKeys> = { included: keys, excluded: keys };
const cardinalityLimit = must(
  (value) => Number.isSafeInteger(value) && (value as number) >= 1,
  'a limit is a whole number of at least 1',
  'give the number of sets of attributes to show, or leave it out for the default',
);

const boundaries: OptionRule = (value, at) => {
  if (value === undefined) return [];
  if (Array.isArray(value)) return boundsProblems(value, at);
  return [{ at, got: shown(value, 60), rule: 'it is a list', fix: 'list upper bounds, e.g. [0.1, 1, 10]' }];
};
const sizeOf =
  (key: 'maxSize' | 'maxScale'): OptionRule =>
  (value, at) =>
    value === undefined ? [] : exponentialProblems(key, value, at);

/** By type, the options that an aggregation has; undefined: none. */
const aggregationOptions: Readonly<Record<ViewAggregation['type'], OptionRule | undefined>> = {
  DEFAULT: undefined,
  DROP: undefined,
  SUM: undefined,
  LAST_VALUE: undefined,
  EXPLICIT_BUCKET_HISTOGRAM: options({ boundaries, recordMinMax: flag }),
  EXPONENTIAL_HISTOGRAM: options({ maxSize: sizeOf('maxSize'), maxScale: sizeOf('maxScale'), recordMinMax: flag }),
};
const [firstType, ...otherTypes] = Object.keys(aggregationOptions) as [string, ...string[]];
const aggregationType = choice(firstType, ...otherTypes);

const aggregation: OptionRule = (value, at) => {
  const { type } = (value ?? {}) as { readonly type?: keyof typeof aggregationOptions };
  const own = type !== undefined && Object.hasOwn(aggregationOptions, type) ? aggregationOptions[type] : undefined;
  const problems = options({ type: aggregationType, ...(own !== undefined && { options: own }) })(value, at);
  if (value === undefined || type !== undefined || problems.length > 0) return problems;
  return [{ at: `${at}.type`, got: 'nothing', rule: 'an aggregation has a type', fix: "write e.g. { type: 'SUM' }" }];
};

const rules: OptionRules<ViewOptions> = {
  instrumentName: text,
  instrumentType: choice(...instrumentTypes),
  instrumentUnit: string,
  meterName: string,
  meterVersion: text,
  meterSchemaUrl: text,
  name: metricName,
  description: string,
  attributeKeys: options(attributeKeys),
  aggregation,
  aggregationCardinalityLimit: cardinalityLimit,
};

const view: OptionRule = (value, at) => {
  const problems = options(rules)(value, at);
  return problems.length > 0
    ? problems
    : [...withoutCriterion(value as ViewOptions, at), ...severalByName(value as ViewOptions, at)];
};

function withoutCriterion(given: ViewOptions, at: string): Problem[] {
  if (criteria.some((criterion) => given[criterion] !== undefined)) return [];
  return [{ at, got: 'no criterion', rule: 'a view says which instruments it selects', fix: `give ${criteria.join(' or ')}` }];
}

/** Metrics SDK, "Stream configuration": a name is for one instrument, or several would have the same. */
function severalByName({ name, instrumentName }: ViewOptions, at: string): Problem[] {
  if (name === undefined || (instrumentName !== undefined && !hasWildcard(instrumentName))) return [];
  const rule = 'a view that gives a name selects one instrument, by an instrumentName without * and ?';
  const fix = 'write the whole name of the instrument as instrumentName, or leave name out';
  return [{ at: `${at}.name`, got: shown(name, 60), rule, fix }];
}

export const viewsRule: OptionRule = listOf(
  view,
  "list views, e.g. [{ instrumentName: 'http.*', attributeKeys: { excluded: ['url.full'] } }]",
);
