/** Components for tests of the configuration alone, with every kind of key. */
import {
  type Address,
  address,
  duration,
  map,
  oneOf,
  optional,
  secret,
  section,
  text,
  wholeNumber,
  withoutEffect,
} from '../../../src/core/config/schema/index.ts';
import { type OtlpSettings, otlpSchema } from '../../../src/service/receivers/otlp/config.ts';

const prometheus = section({
  endpoint: address(),
  const_labels: map(text()),
  metric_expiration: duration({ default: '5m' }),
  token: optional(secret()),
  translation_strategy: oneOf(['UnderscoreEscapingWithSuffixes'], {
    default: 'UnderscoreEscapingWithSuffixes',
    notSupported: ['NoTranslation'],
  }),
});

export const played = [
  {
    kind: 'receiver',
    type: 'otlp',
    schema: otlpSchema,
    listens: ({ protocols: { http, grpc } }: OtlpSettings) => [
      ...(http === undefined ? [] : [{ key: 'protocols.http.endpoint', address: http.endpoint }]),
      ...(grpc === undefined ? [] : [{ key: 'protocols.grpc.endpoint', address: grpc.endpoint }]),
    ],
  },
  { kind: 'processor', type: 'batch', schema: section({ timeout: withoutEffect(duration(), 'it hands on at once') }) },
  {
    kind: 'exporter',
    type: 'debug',
    schema: section({
      verbosity: oneOf(['basic', 'detailed'], { default: 'basic', anyCase: true }),
      sampling_initial: wholeNumber({ default: 2 }),
    }),
  },
  { kind: 'exporter', type: 'nop', schema: section({}) },
  {
    kind: 'exporter',
    type: 'prometheus',
    schema: prometheus,
    listens: (settings: { readonly endpoint: Address }) => [{ key: 'endpoint', address: settings.endpoint }],
  },
  {
    kind: 'extension',
    type: 'health_check',
    schema: section({ endpoint: address({ default: 'localhost:13133' }) }),
    listens: (settings: { readonly endpoint: Address }) => [{ key: 'endpoint', address: settings.endpoint }],
  },
] as const;
