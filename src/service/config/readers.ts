/** `service.telemetry.metrics.readers`: who reads the service's own metrics. */
import {
  flag,
  type Infer,
  notSupported,
  oneOf,
  optional,
  redactedUrl,
  type Schema,
  secretPairs,
  section,
  text,
  wholeNumber,
  withoutEffect,
} from '../../core/config/schema/index.ts';

const prometheus = section({
  host: text({ default: 'localhost', example: 'write localhost' }),
  port: wholeNumber({ default: 8_888, max: 65_535 }),
  without_scope_info: flag({ default: true }),
  without_units: flag({ default: true }),
  without_type_suffix: flag({ default: true }),
  with_resource_constant_labels: notSupported(),
});

const pairs = secretPairs();
/** Printed as the list that the declarative configuration of OpenTelemetry has. */
const headers: Schema<ReadonlyMap<string, string>> = Object.freeze({
  ...pairs,
  print: (value: ReadonlyMap<string, string>, unredacted: boolean) =>
    [...value].map(([name, secret]) => ({ name, value: unredacted ? secret : '[REDACTED]' })),
});

/** Node.js's timers end there, in milliseconds. */
const longestMs = 2 ** 31 - 1;
const milliseconds = (byDefault: number) => wholeNumber({ default: byDefault, min: 1, max: longestMs });
const overHttp = 'http/protobuf';

const endpoint = text({ example: 'write http://localhost:4318' });

const otlp = section(
  {
    protocol: oneOf([overHttp, 'grpc', 'grpc/protobuf']),
    /** Without a path, `/v1/metrics` is appended; without a scheme, `insecure` decides on it. */
    endpoint: { ...endpoint, print: (value, unredacted) => (unredacted ? value : redactedUrl(value)) } satisfies Schema<string>,
    insecure: flag({ default: false }),
    headers,
    headers_list: notSupported('write headers: [{name: KEY, value: VALUE}]'),
    compression: oneOf(['none', 'gzip'], { default: 'none' }),
    /** For one push with its retries, in milliseconds. */
    timeout: milliseconds(10_000),
    temporality_preference: oneOf(['cumulative', 'delta', 'lowmemory'], { default: 'cumulative' }),
    default_histogram_aggregation: withoutEffect(text({ default: '' }), 'the service has no histograms of its own'),
    certificate: optional(text()),
    client_certificate: optional(text()),
    client_key: optional(text()),
  },
  (settings, on) => {
    if (settings.protocol !== overHttp) {
      on.warn(
        'protocol',
        `meterbridge serve does not push over gRPC: its own metrics are not pushed; write ${overHttp}, and port 4318`,
      );
    } else if (!URL.canParse(pushUrl(settings))) {
      on.refuse('endpoint', '[redacted]', 'it is an http or https URL, or HOST:PORT', 'write http://localhost:4318');
    }
  },
);

const periodic = section({
  /** Milliseconds from one push to the next. */
  interval: milliseconds(60_000),
  /** Milliseconds for reading and pushing. */
  timeout: milliseconds(30_000),
  exporter: section(
    {
      otlp: optional(otlp),
      console: withoutEffect(section({}), 'the service does not print its own metrics; use otlp, or pull'),
    },
    (settings, on) => {
      if ((settings.otlp !== undefined || on.has('otlp')) !== on.has('console')) return;
      const got = on.has('console') ? 'two' : 'none';
      on.refuse('', got, 'there is one exporter', 'write otlp: {protocol: http/protobuf, endpoint: http://localhost:4318}');
    },
  ),
});

const pull = section({ exporter: section({ prometheus }) });

export const reader = section(
  { pull: optional(pull), periodic: optional(periodic), producers: notSupported() },
  (settings, on) => {
    const [pulls, pushes] = [
      settings.pull !== undefined || on.has('pull'),
      settings.periodic !== undefined || on.has('periodic'),
    ];
    if (pulls === pushes)
      on.refuse(
        '',
        pulls ? 'both' : 'neither',
        'a reader is pull or periodic',
        'write one of the two, and an item of the list for each',
      );
  },
);

/** A reader that pushes, by OTLP over HTTP. */
export interface OwnPush {
  readonly intervalMs: number;
  readonly timeoutMs: number;
  readonly otlp: Infer<typeof otlp>;
  /** The location of `otlp` in the file, for messages. */
  readonly at: string;
}

/** Those of the readers that push. */
export function pushesOf(readers: readonly Infer<typeof reader>[]): readonly OwnPush[] {
  return readers.flatMap(({ periodic: reads }, index) => {
    const pushes = reads?.exporter.otlp;
    if (reads === undefined || pushes === undefined || pushes.protocol !== overHttp) return [];
    const at = `service.telemetry.metrics.readers[${index}].periodic.exporter.otlp`;
    return [{ intervalMs: reads.interval, timeoutMs: reads.timeout, otlp: pushes, at }];
  });
}

/** As the Collector completes it. */
export function pushUrl({ endpoint, insecure }: Pick<Infer<typeof otlp>, 'endpoint' | 'insecure'>): string {
  return /^https?:\/\//.test(endpoint) ? endpoint : `${insecure ? 'http' : 'https'}://${endpoint}`;
}
