/** The keys of the processor `attributes`. */
import {
  type Checker,
  type Infer,
  list,
  notSupported,
  optional,
  section,
  withoutEffect,
} from '../../../core/config/schema/index.ts';
import { actions } from '../actions/config.ts';
import { attributePattern, checkExpressions, type MatchType, matchType, metricNames, regexpOptions } from '../match/config.ts';

const otherSignal = 'it is for another signal than metrics; leave it out';
const named = section(
  {
    match_type: matchType,
    regexp: regexpOptions,
    metric_names: metricNames,
    resources: withoutEffect(list(attributePattern), 'the Collector, too, decides by the names of metrics alone'),
    attributes: notSupported(otherSignal),
    libraries: notSupported(otherSignal),
    services: notSupported(otherSignal),
    span_names: notSupported(otherSignal),
    span_kinds: notSupported(otherSignal),
    log_bodies: notSupported(otherSignal),
    log_severity_texts: notSupported(otherSignal),
    log_severity_number: notSupported(otherSignal),
  },
  check,
);

export const attributesSchema = section(
  {
    /** The metrics whose points are changed; all, where it is absent. */
    include: optional(named),
    /** Of these, those that are left as they are. */
    exclude: optional(named),
    actions,
  },
  (settings, on) => {
    if (settings.actions.length === 0)
      on.refuse('actions', 'an empty list', 'there is one action at least', 'add one, or leave the processor out');
  },
);

export type AttributesSettings = Infer<typeof attributesSchema>;

function check(settings: { readonly match_type: MatchType; readonly metric_names: readonly string[] }, on: Checker): void {
  if (!on.has('metric_names') && !on.has('resources'))
    on.refuse('', 'neither metric_names nor resources', 'it selects the metrics', 'add metric_names: [NAME]');
  checkExpressions(settings.match_type, 'metric_names', settings.metric_names, on);
}
