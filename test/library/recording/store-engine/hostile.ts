/**
 * Records a million hostile values on a label of the kind that the command line names, in a process that `memory.long.ts` starts:
 * `node --expose-gc test/library/recording/store-engine/hostile.ts uncontracted`. `nothing` is an empty function. Prints by how many MB
 * resident memory grew; only V8 itself collects garbage meanwhile.
 */
import { capped, contract, counter, gauge, histogram, identity, oneOf } from '../../../../src/core/contract/index.ts';
import { meterbridge } from '../../../../src/index.ts';

const declared = contract('m', {
  closed: counter({ help: 'Closed.', labels: { status: oneOf('ok', 'bad') } }),
  capped: counter({ help: 'Capped.', labels: { page: capped({ limit: 100 }) } }),
  folding: histogram({ unit: 's', help: 'Folding.', labels: { task: identity({ limit: 100 }), page: capped({ limit: 10 }) } }),
  refusing: gauge({ help: 'Refusing.', labels: { task: identity({ limit: 100 }) } }),
});

// biome-ignore lint/suspicious/noExplicitAny: what untyped code can do
const bridge = meterbridge(declared, { push: false, log: () => {} }) as any;
const { metrics } = bridge;
const library = bridge.meterProvider.getMeter('lib');
const hits = library.createCounter('lib.hits');
const durations = library.createHistogram('lib.duration');

const attacks: Readonly<Record<string, (value: string) => void>> = {
  nothing: () => {},
  closed: (status) => metrics.closed.add(1, { status }),
  dropped: (user) => metrics.closed.add(1, { status: 'ok', user }),
  capped: (page) => metrics.capped.add(1, { page }),
  folding: (task) => metrics.folding.record(1, { task, page: task }),
  refusing: (task) => metrics.refusing.set(1, { task }),
  uncontracted: (route) => hits.add(1, { route }),
  'uncontracted-three': (route) =>
    durations.record(1, { 'http.request.method': 'GET', 'http.route': route, 'http.response.status_code': 200 }),
};
const attack = attacks[process.argv[2] ?? ''] as (value: string) => void;

function resident(): number {
  return process.memoryUsage().rss / 2 ** 20;
}

for (let at = 0; at < 20_000; at++) attack(`hostile value ${at}`);
(globalThis as { gc?: () => void }).gc?.();
const before = resident();
for (let at = 0; at < 1_000_000; at++) attack(`another hostile value ${at}`);
console.log(JSON.stringify({ grownMB: resident() - before }));
process.exit();
