/**
 * Reads protobuf pages for tests, with protobufjs. The schema was typed from https://github.com/prometheus/client_model,
 * `io/prometheus/client/metrics.proto` at 10dc9df, apart from the writer.
 */
import protobuf from 'protobufjs';

const messages: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  LabelPair: { name: 'optional string 1', value: 'optional string 2' },
  Timestamp: { seconds: 'optional int64 1', nanos: 'optional int32 2' },
  Exemplar: { label: 'repeated LabelPair 1', value: 'optional double 2', timestamp: 'optional Timestamp 3' },
  Gauge: { value: 'optional double 1' },
  Untyped: { value: 'optional double 1' },
  Counter: { value: 'optional double 1', exemplar: 'optional Exemplar 2', createdTimestamp: 'optional Timestamp 3' },
  Quantile: { quantile: 'optional double 1', value: 'optional double 2' },
  Summary: {
    sampleCount: 'optional uint64 1',
    sampleSum: 'optional double 2',
    quantile: 'repeated Quantile 3',
    createdTimestamp: 'optional Timestamp 4',
  },
  Bucket: {
    cumulativeCount: 'optional uint64 1',
    upperBound: 'optional double 2',
    exemplar: 'optional Exemplar 3',
    cumulativeCountFloat: 'optional double 4',
  },
  BucketSpan: { offset: 'optional sint32 1', length: 'optional uint32 2' },
  Histogram: {
    sampleCount: 'optional uint64 1',
    sampleSum: 'optional double 2',
    bucket: 'repeated Bucket 3',
    sampleCountFloat: 'optional double 4',
    schema: 'optional sint32 5',
    zeroThreshold: 'optional double 6',
    zeroCount: 'optional uint64 7',
    zeroCountFloat: 'optional double 8',
    negativeSpan: 'repeated BucketSpan 9',
    negativeDelta: 'repeated sint64 10',
    negativeCount: 'repeated double 11',
    positiveSpan: 'repeated BucketSpan 12',
    positiveDelta: 'repeated sint64 13',
    positiveCount: 'repeated double 14',
    createdTimestamp: 'optional Timestamp 15',
    exemplars: 'repeated Exemplar 16',
  },
  Metric: {
    label: 'repeated LabelPair 1',
    gauge: 'optional Gauge 2',
    counter: 'optional Counter 3',
    summary: 'optional Summary 4',
    untyped: 'optional Untyped 5',
    timestampMs: 'optional int64 6',
    histogram: 'optional Histogram 7',
  },
  MetricFamily: {
    name: 'optional string 1',
    help: 'optional string 2',
    type: 'optional MetricType 3',
    metric: 'repeated Metric 4',
    unit: 'optional string 5',
  },
};

const types = 'COUNTER = 0; GAUGE = 1; SUMMARY = 2; UNTYPED = 3; HISTOGRAM = 4; GAUGE_HISTOGRAM = 5;';

/** Of syntax 2, so that a field that is absent is not a default. */
const written = Object.entries(messages).map(([name, fields]) => {
  const lines = Object.entries(fields).map(([field, what]) => what.replace(/ (\d+)$/, ` ${field} = $1;`));
  return `message ${name} { ${lines.join(' ')} }`;
});
const { root } = protobuf.parse(`syntax = "proto2"; enum MetricType { ${types} } ${written.join(' ')}`);
const family = root.lookupType('MetricFamily');

export interface DecodedTime {
  readonly seconds: number;
  readonly nanos?: number;
}

export interface DecodedPair {
  readonly name: string;
  readonly value: string;
}

export interface DecodedExemplar {
  readonly label?: readonly DecodedPair[];
  readonly value: number;
  readonly timestamp?: DecodedTime;
}

export interface DecodedHistogram {
  readonly sampleCount?: number;
  readonly sampleCountFloat?: number;
  readonly sampleSum: number;
  readonly bucket?: readonly {
    readonly cumulativeCount?: number;
    readonly cumulativeCountFloat?: number;
    readonly upperBound: number;
    readonly exemplar?: DecodedExemplar;
  }[];
  readonly schema?: number;
  readonly zeroThreshold?: number;
  readonly zeroCount?: number;
  readonly negativeSpan?: readonly { readonly offset: number; readonly length: number }[];
  readonly negativeDelta?: readonly number[];
  readonly positiveSpan?: readonly { readonly offset: number; readonly length: number }[];
  readonly positiveDelta?: readonly number[];
  readonly createdTimestamp?: DecodedTime;
  readonly exemplars?: readonly DecodedExemplar[];
}

export interface DecodedMetric {
  readonly label?: readonly DecodedPair[];
  readonly gauge?: { readonly value: number };
  readonly untyped?: { readonly value: number };
  readonly counter?: { readonly value: number; readonly exemplar?: DecodedExemplar; readonly createdTimestamp?: DecodedTime };
  readonly summary?: {
    readonly sampleCount: number;
    readonly sampleSum: number;
    readonly quantile?: readonly { readonly quantile: number; readonly value: number }[];
    readonly createdTimestamp?: DecodedTime;
  };
  readonly histogram?: DecodedHistogram;
  readonly timestampMs?: number;
}

export interface DecodedFamily {
  readonly name: string;
  readonly help?: string;
  readonly type: 'COUNTER' | 'GAUGE' | 'SUMMARY' | 'UNTYPED' | 'HISTOGRAM' | 'GAUGE_HISTOGRAM';
  readonly metric?: readonly DecodedMetric[];
  readonly unit?: string;
}

/** Throws where the page is no sequence of families, each behind its length. */
export function decodeFamilies(page: Uint8Array): readonly DecodedFamily[] {
  const reader = protobuf.Reader.create(page);
  const families: DecodedFamily[] = [];
  while (reader.pos < reader.len) {
    const message = family.decodeDelimited(reader);
    families.push(family.toObject(message, { longs: Number, enums: String }) as DecodedFamily);
  }
  return families;
}
