/** What a push costs ahead of the network: from values to the bytes of OTLP. */
import { setImmediate } from 'node:timers/promises';
import { type BenchCase, type Round, Skip } from '../bench-case.ts';
import { gaugeLabels } from '../contenders/contender.ts';
import { overHttp } from './push-http.ts';

const points = 100_000;
const warmUpRounds = 5;
/**
 * A round repeats its push for so long: of a push of 5 ms and one of 80, only the long one would meet what else the machine does.
 */
const leastMs = 100;

interface Encoding {
  readonly name: string;
  readonly what: string;
  readonly kind: 'counter' | 'histogram';
}

const all: readonly Encoding[] = [
  { name: 'encode-100k', what: '100,000 counter points as OTLP protobuf, in requests of 5,000', kind: 'counter' },
  { name: 'encode-histograms-100k', what: 'the same with histograms of 11 buckets', kind: 'histogram' },
];

const encodings: readonly BenchCase[] = all.map(({ name, what, kind }) => ({
  suite: 'push',
  name,
  what: `${what}; Meterbridge from its store, the OTel SDK's serializer from metric data made ahead`,
  contenders: ['meterbridge', 'otel-sdk'],
  rounds: 21,
  quickRounds: 5,
  async prepare(contender): Promise<Round> {
    const make = encoders[contender];
    if (make === undefined) throw new Skip(`${contender} does not push`);
    const encode = await make(kind);
    for (let round = 0; round < warmUpRounds; round++) await encode();
    return async () => {
      globalThis.gc?.();
      await setImmediate();
      const cpuBefore = process.cpuUsage();
      const from = performance.now();
      let ms = 0;
      let pushes = 0;
      for (; ms < leastMs; ms = performance.now() - from, pushes++) {
        const bytes = await encode();
        if (bytes < points * 30) throw new Error(`BUG: ${bytes} bytes cannot be ${points} points`);
      }
      const cpu = process.cpuUsage(cpuBefore);
      const written = points * pushes;
      return { 'ns/point': (ms * 1e6) / written, 'CPU ns/point': ((cpu.user + cpu.system) * 1e3) / written };
    };
  },
}));

export const cases: readonly BenchCase[] = [...encodings, ...overHttp];

/** Encodes everything once; the number of bytes. */
type Encode = () => Promise<number>;

const encoders: Readonly<Record<string, (kind: Encoding['kind']) => Promise<Encode>>> = {
  async meterbridge(kind) {
    const { createStoreEncoder } = await import('../../src/library/push/encode/encode-store.ts');
    const { createSentSeries } = await import('../../src/library/push/encode/sent-series.ts');
    const view = await filledStore(kind);
    const sent = createSentSeries();
    const encoder = createStoreEncoder({
      view,
      encoding: 'protobuf',
      resource: new Uint8Array(0),
      sent,
      clock: Date.now,
      ageClock: () => performance.now(),
    });
    return async () => {
      let bytes = 0;
      for await (const request of encoder.push()) bytes += request.bytes.length;
      sent.delivered();
      return bytes;
    };
  },
  async 'otel-sdk'(kind) {
    const { ProtobufMetricsSerializer } = await import('@opentelemetry/otlp-transformer');
    const { resourceFromAttributes } = await import('@opentelemetry/resources');
    const { createProducer } = await import('../../src/library/push/sdk/producer.ts');
    const { batches } = await import('../../src/library/push/sdk/batches.ts');
    const producer = createProducer({ view: await filledStore(kind), refresh: async () => {} });
    const { scopeMetrics } = (await producer.collect()).resourceMetrics;
    const parts = [...batches({ resource: resourceFromAttributes({}), scopeMetrics })];
    return async () => parts.reduce((bytes, part) => bytes + (ProtobufMetricsSerializer.serializeRequest(part)?.length ?? 0), 0);
  },
};

async function filledStore(kind: Encoding['kind']) {
  const { createStore } = await import('../../src/core/store/index.ts');
  const store = createStore();
  const bounds = kind === 'histogram' ? { bounds: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10] } : {};
  const spec = {
    name: 'bench.requests',
    kind,
    unit: '',
    help: 'Requests.',
    labels: ['method', 'path'],
    maxAgeMs: 60_000,
    ...bounds,
  };
  const family = store.source({ scope: { name: 'bench' } }).family(spec, true);
  for (let index = 0; index < points; index++) {
    const row = family.row({ values: Object.values(gaugeLabels(index)) }, Date.now());
    for (let cell = 0; cell < family.stride; cell++) family.cells[row * family.stride + cell] = index * 37 + cell;
  }
  return store.view;
}
