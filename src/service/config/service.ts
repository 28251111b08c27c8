/** The `service` section: what starts, and the service's telemetry about itself. */
import {
  type Address,
  componentId,
  duration,
  flag,
  type Infer,
  list,
  map,
  noLonger,
  notSupported,
  oneOf,
  optional,
  section,
  text,
  wholeNumber,
  withoutEffect,
} from '../../core/config/schema/index.ts';
import { ownResource } from './own-resource.ts';
import { type OwnPush, pushesOf, reader } from './readers.ts';

const sampled = 'log lines are not sampled';

const logs = section({
  level: oneOf(['debug', 'info', 'warn', 'error', 'dpanic', 'panic', 'fatal'], { default: 'info', anyCase: true }),
  encoding: oneOf(['console', 'json'], { default: 'console' }),
  development: withoutEffect(flag(), 'there is no development mode'),
  disable_caller: withoutEffect(flag(), 'log lines name no line of code'),
  disable_stacktrace: withoutEffect(flag(), 'log lines hold no stack'),
  disable_zap_resource: withoutEffect(flag(), 'log lines hold no resource'),
  sampling: withoutEffect(
    section({
      enabled: flag({ default: false }),
      tick: duration({ default: '0s' }),
      initial: wholeNumber({ default: 0 }),
      thereafter: wholeNumber({ default: 0 }),
    }),
    sampled,
  ),
  output_paths: notSupported('leave it out: log lines go to standard error'),
  error_output_paths: withoutEffect(list(text()), 'what cannot be logged is lost'),
  initial_fields: notSupported(),
  processors: notSupported(),
});

const metrics = section(
  {
    level: oneOf(['none', 'basic', 'normal', 'detailed'], { default: 'normal', anyCase: true }),
    readers: optional(list(reader)),
    views: notSupported(),
    address: noLonger('write readers: [{pull: {exporter: {prometheus: {host: localhost, port: 8888}}}}]'),
  },
  ({ level, readers }, on) => {
    if (level === 'none' || readers === undefined) return;
    if (readers.length === 0 && on.has('readers'))
      on.refuse('readers', 'an empty list', 'there is a reader unless the level is none', 'add one, or write level: none');
    const pulls = readers.filter(({ pull }) => pull !== undefined).length;
    if (pulls > 1) on.refuse('readers', `${pulls} of pull`, 'there is one reader of the own metrics that is pull', 'keep one');
  },
);

const traces = 'the service makes no traces of itself';

export const telemetry = section({
  logs,
  metrics,
  traces: withoutEffect(
    section({
      level: oneOf(['none', 'basic', 'normal', 'detailed'], { default: 'none', anyCase: true }),
      propagators: list(text(), { default: [] }),
      processors: notSupported(),
      sampler: notSupported(),
      limits: notSupported(),
    }),
    traces,
  ),
  resource: ownResource(),
});

export type Telemetry = Infer<typeof telemetry>;

/** Where the service serves its own metrics, by default `localhost:8888`. Undefined: it serves none. */
export function ownMetricsAddress({ metrics: { level, readers } }: Telemetry): Address | undefined {
  if (level === 'none') return undefined;
  if (readers === undefined) return { host: 'localhost', port: 8_888 };
  return readers.find(({ pull }) => pull !== undefined)?.pull?.exporter.prometheus;
}

/** Where the service pushes its own metrics. */
export function ownMetricsPushes({ metrics: { level, readers } }: Telemetry): readonly OwnPush[] {
  return level === 'none' ? [] : pushesOf(readers ?? []);
}

const ids = list(componentId(), { default: [] });

export const service = section({
  extensions: ids,
  pipelines: map(section({ receivers: ids, processors: ids, exporters: ids })),
  telemetry,
});

export type Service = Infer<typeof service>;
