/**
 * A million hostile values on every label of a contract, run by `memory.long.ts` in a process of its own. Prints by how many MB resident
 * memory grew.
 */
import { capped, contract, counter, gauge, histogram, identity, oneOf } from '../../../src/contract/index.ts';
import { meterbridge } from '../../../src/index.ts';

const declared = contract('m', {
  closed: counter({ help: 'Closed.', labels: { status: oneOf('ok', 'bad') } }),
  capped: counter({ help: 'Capped.', labels: { page: capped({ limit: 100 }) } }),
  folding: histogram({ unit: 's', help: 'Folding.', labels: { task: identity({ limit: 100 }), page: capped({ limit: 10 }) } }),
  refusing: gauge({ help: 'Refusing.', labels: { task: identity({ limit: 100 }) } }),
});

// biome-ignore lint/suspicious/noExplicitAny: what untyped code can do
const bridge = meterbridge(declared, { push: false, log: () => {} }) as any;
const { metrics } = bridge;
const count = 1_000_000;

const collect = (globalThis as { gc?: (options?: { type: 'minor' }) => void }).gc;

function attack(from: number, to: number): void {
  for (let at = from; at < to; at++) {
    const value = `hostile value ${at}`;
    metrics.closed.add(1, { status: value });
    metrics.capped.add(1, { page: value });
    metrics.folding.record(1, { task: value, page: value });
    metrics.refusing.set(1, { task: value });
    // The garbage is this loop's own: collected now and then, so that what grows is what is kept, not V8's room for young objects.
    if (at % 10_000 === 0) collect?.({ type: 'minor' });
  }
}

function resident(): number {
  collect?.();
  return process.memoryUsage().rss / 2 ** 20;
}

attack(0, 20_000);
const before = resident();
attack(20_000, 20_000 + count);
console.log(JSON.stringify({ grownMB: resident() - before }));
process.exit();
