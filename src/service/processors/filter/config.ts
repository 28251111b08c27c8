/** The keys of the processor `filter`, in the form that it had before its conditions. */
import {
  type Checker,
  type Infer,
  list,
  notSupported,
  oneOf,
  optional,
  section,
  withoutEffect,
} from '../../../core/config/schema/index.ts';
import { anything } from '../any-value.ts';
import {
  type AttributePattern,
  attributePattern,
  checkExpressions,
  type MatchType,
  matchType,
  metricNames,
  regexpOptions,
} from '../match/config.ts';

const older =
  'conditions in OTTL are not read; name metrics and resources: metrics: {exclude: {match_type: regexp, metric_names: [^debug_], resource_attributes: [{key: env, value: test}]}}';
const condition = notSupported(older);
const onlyMetrics = withoutEffect(anything(), 'only metrics are received here');

const named = section(
  {
    match_type: matchType,
    regexp: regexpOptions,
    metric_names: metricNames,
    /** All of them hold. */
    resource_attributes: list(attributePattern, { default: [] }),
    expressions: condition,
  },
  check,
);

export const filterSchema = section({
  metrics: section({
    /** What is kept: resources by their attributes, and of these metrics by their names. */
    include: optional(named),
    /** What goes, of what is kept. */
    exclude: optional(named),
    regexp: regexpOptions,
    resource: condition,
    metric: condition,
    datapoint: condition,
  }),
  metric_conditions: condition,
  error_mode: withoutEffect(oneOf(['ignore', 'silent', 'propagate']), 'it is about conditions'),
  spans: onlyMetrics,
  traces: onlyMetrics,
  logs: onlyMetrics,
  profiles: onlyMetrics,
  trace_conditions: onlyMetrics,
  log_conditions: onlyMetrics,
  profile_conditions: onlyMetrics,
});

export type FilterSettings = Infer<typeof filterSchema>;

interface Checked {
  readonly match_type: MatchType;
  readonly metric_names: readonly string[];
  readonly resource_attributes: readonly AttributePattern[];
}

function check({ match_type: type, metric_names: names, resource_attributes: attributes }: Checked, on: Checker): void {
  checkExpressions(type, 'metric_names', names, on);
  const values = attributes.flatMap(({ value }) => (value === undefined ? [] : [value.stringValue]));
  checkExpressions(type, 'resource_attributes', values, on);
}
