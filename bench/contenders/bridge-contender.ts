/** Meterbridge as a contender, whatever engine is under it. */
import {
  type BridgeOptions,
  type Contract,
  contract,
  counter,
  gauge,
  histogram,
  identity,
  meterbridge,
  oneOf,
} from '../../src/index.ts';
import { type Calls, type Contender, gaugeLabels, gaugeValue, type Page, type Shape } from './contender.ts';

/** The recorders as generated source calls them. */
interface Untyped {
  add(value: number, labels: object): void;
  set(value: number, labels: object): void;
  record(value: number, labels: object): void;
  bind(labels: object): object;
}

const quiet: BridgeOptions = { env: {}, isolated: true, push: false, log: () => {} };
/** The largest that the options take. */
const unlimited = 2 ** 31 - 1;

/** @param accept what pages are asked for. Default: text */
export function bridgeContender(engine: BridgeOptions, accept?: string): Contender {
  const options: BridgeOptions = { ...quiet, ...engine, scrape: { maxBytes: unlimited, deadlineMs: 600_000 } };
  const recorders = (declared: Contract): Untyped[] =>
    Object.values(meterbridge(declared, options).metrics) as unknown as Untyped[];
  const counters = (shapes: readonly Shape[]) =>
    contract('bench', Object.fromEntries(shapes.map((shape) => [shape.name, counter(said(shape))])));

  function apiCalls(instruments: readonly object[]): Calls {
    return { instruments, call: (instrument, value, labels) => `${instrument}.add(${value}, ${labels})` };
  }

  return Object.freeze<Contender>({
    counters: (shapes) => apiCalls(recorders(counters(shapes))),
    apiCounters(shapes) {
      const declared = counters(shapes);
      const meter = meterbridge(declared, options).meterProvider.getMeter('bench');
      return apiCalls(Object.values(declared.metrics).map(({ instrument }) => meter.createCounter(instrument)));
    },
    openCounters(shapes) {
      const meter = meterbridge(contract('bench', {}), options).meterProvider.getMeter('library');
      return apiCalls(shapes.map(({ name }) => meter.createCounter(name)));
    },
    boundCounters: (shapes) => ({
      instruments: recorders(counters(shapes)).map((recorder, at) => recorder.bind(first(shapes[at] as Shape))),
      call: (instrument, value) => `${instrument}.add(${value})`,
    }),
    histograms(shapes, bounds) {
      const declared = shapes.map((shape) => [shape.name, histogram({ ...said(shape), bounds })] as const);
      return {
        instruments: recorders(contract('bench', Object.fromEntries(declared))),
        call: (instrument, value, labels) => `${instrument}.record(${value}, ${labels})`,
      };
    },
    gaugePage(series) {
      const labels = { method: oneOf('GET', 'PUT', 'POST', 'DELETE'), path: identity({ limit: series }) };
      const bridge = meterbridge(contract('bench', { value: gauge({ help: 'Value.', labels, zeroFilled: false }) }), options);
      return page(bridge, accept, (round) => {
        for (let index = 0; index < series; index++)
          bridge.metrics.value.set(gaugeValue(index, round), gaugeLabels(index) as never);
      });
    },
    histogramPage(series, bounds) {
      const labels = { path: identity({ limit: series }) };
      const bridge = meterbridge(contract('bench', { time: histogram({ help: 'Time.', unit: 's', labels, bounds }) }), options);
      return page(bridge, accept, (round) => {
        for (let index = 0; index < series; index++)
          bridge.metrics.time.record(((index + round) % 97) / 10, { path: `/api/items/${index}` });
      });
    },
    pusher(shapes) {
      const bridge = meterbridge(counters(shapes), options);
      const all = Object.values(bridge.metrics) as unknown as Untyped[];
      return {
        record(round) {
          for (const [at, recorder] of all.entries()) recorder.add(1, nth(shapes[at] as Shape, round));
        },
        async push() {
          await bridge.producer.collect();
        },
      };
    },
  });
}

interface Scraped {
  readonly scrape: ReturnType<typeof meterbridge>['scrape'];
  readonly listen: ReturnType<typeof meterbridge>['listen'];
}

function page({ scrape, listen }: Scraped, accept: string | undefined, change: (round: number) => void): Page {
  const header = (name: string) => (name === 'accept' ? accept : undefined);
  const request = { method: 'GET', path: '/metrics', query: new URLSearchParams(), header, peer: '127.0.0.1' };
  return {
    change,
    async render() {
      const { status, body, sent } = await scrape(request);
      if (status !== 200) throw new Error(`BUG: the scrape answered ${status}`);
      sent?.();
      return body.byteLength;
    },
    serve: async ({ threaded = false } = {}) => (await listen('127.0.0.1:0', threaded ? ({ thread: true } as object) : {})).url,
  };
}

/** The first label is a closed set, the others name things: the two most common sorts. */
function said({ labels }: Shape) {
  const entries = labels.map(({ name, values }, at) => [
    name,
    at === 0 ? oneOf(...values.map(String)) : identity({ limit: values.length }),
  ]);
  return { help: 'Benchmark.', unit: '', zeroFilled: false, labels: Object.fromEntries(entries) };
}

const first = (shape: Shape): Record<string, string> => nth(shape, 0);

function nth({ labels }: Shape, n: number): Record<string, string> {
  return Object.fromEntries(labels.map(({ name, values }) => [name, String(values[n % values.length])]));
}
