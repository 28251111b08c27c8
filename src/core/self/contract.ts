/** The contract of Meterbridge's own metrics. An application's `/metrics` shows them only with `selfMetrics: true`. */
import { contract, counter, gauge, identity, oneOf, summary } from '../contract/index.ts';

export const selfContract = contract('meterbridge', {
  scrapes: counter({
    observed: true,
    unit: '{scrape}',
    help: 'Scrapes answered.',
    labels: { outcome: oneOf('success', 'failed', 'timeout', 'too_large', 'busy', 'stale') },
  }),
  requestsRefused: counter({
    observed: true,
    unit: '{request}',
    help: 'Requests for the metrics that an access rule rejected.',
    labels: { reason: oneOf('unavailable', 'wrong', 'missing', 'address', 'rate') },
  }),
  scrapeDuration: summary({ observed: true, unit: 's', help: 'Time from a scrape to its response.' }),
  familiesOmitted: counter({
    observed: true,
    unit: '{family}',
    help: 'Families that scrapes left out, because of their size or because another one has their name.',
    labels: { reason: oneOf('size', 'name', 'openmetrics_name') },
  }),
  collections: counter({
    observed: true,
    unit: '{collection}',
    help: 'Runs of callbacks.',
    labels: { outcome: oneOf('success', 'failed', 'late') },
  }),
  collectionDuration: summary({ observed: true, unit: 's', help: 'Time that callbacks took.' }),
  collectionAge: gauge({
    observed: true,
    unit: 's',
    help: 'Age of the last good collection of an observed family.',
    across: 'max',
    labels: { family: identity({ limit: 1_000 }) },
  }),
  series: gauge({ observed: true, unit: '{series}', help: 'Series in the store.' }),
  measurementsRefused: counter({
    observed: true,
    unit: '{measurement}',
    help: 'Measurements lost because a value or a label breaks the contract, or the metric is full.',
    labels: {
      metric: identity({ limit: 10_000 }),
      reason: oneOf('value', 'label_missing', 'label_type', 'label_value', 'identity_limit', 'no_room', 'kind', 'removed'),
    },
  }),
  measurementsFolded: counter({
    observed: true,
    unit: '{measurement}',
    help: 'Measurements recorded under another label value, or under otel.metric.overflow, because a set was full.',
    labels: { reason: oneOf('capped', 'identity', 'overflow') },
  }),
  attributesDropped: counter({
    observed: true,
    unit: '{attribute}',
    help: 'Attributes that the contract does not name, dropped from a measurement.',
  }),
  labelsShortened: counter({
    observed: true,
    unit: '{label}',
    help: 'Label values recorded as their beginning and a hash because they were longer than their limit.',
  }),
  attributeSetsMerged: counter({
    observed: true,
    unit: '{set}',
    help: 'Sets of attributes that are one series with another set, because they differ only in the type of a value or in an empty one.',
  }),
  attributeNamesMerged: counter({
    observed: true,
    unit: '{set}',
    help: 'Sets of attribute names that pages do not keep apart: attributes that become one label, or different names of one series.',
  }),
  pushes: counter({
    observed: true,
    unit: '{push}',
    help: 'Pushes over OTLP.',
    labels: { outcome: oneOf('success', 'failed') },
  }),
  pushDuration: summary({ observed: true, unit: 's', help: 'Time that pushes took.' }),
  processesLate: counter({
    observed: true,
    unit: '{answer}',
    help: 'Times that another process did not respond to a scrape of all processes in time, so that its last values were shown.',
  }),
  processesOverLimit: gauge({
    observed: true,
    unit: '{value}',
    help: 'Label values that all processes together have beyond the limits of their labels: added up as another one, or left out.',
    across: 'max',
  }),
  processesUnreadable: counter({
    observed: true,
    unit: '{file}',
    help: 'Times that a scrape of all processes left out a record or a socket in their directory, because it is none or cannot be read.',
  }),
});

/** The self-metrics of a listener in a worker thread. A separate contract, because that thread renders it. */
export const threadContract = contract('meterbridge_listener', {
  valuesAge: gauge({
    unit: 's',
    help: 'Age of the observed values that the listener serves from its thread; 0 unless the application did not respond.',
  }),
});
