/**
 * A call that does nothing: what the call site itself costs, its attribute object included. And a host that answers with nothing:
 * what HTTP and the machine cost.
 */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Calls, Contender, Shape } from './contender.ts';

/**
 * Longer than V8 inlines (460 bytes of bytecode). Inlined, the caller's attribute object would be optimised away, and the empty
 * call would be no call at all.
 */
const nothing = new Function('value', 'labels', `if (value === null) { ${'this.kept = labels; '.repeat(150)} }`) as () => void;

const instruments = (shapes: readonly Shape[]): object[] => shapes.map(() => ({ add: nothing, kept: undefined }));

function labelled(shapes: readonly Shape[]): Calls {
  return { instruments: instruments(shapes), call: (instrument, value, labels) => `${instrument}.add(${value}, ${labels})` };
}

export const contender: Contender = Object.freeze({
  counters: labelled,
  apiCounters: labelled,
  openCounters: labelled,
  histograms: labelled,
  gaugePage: () => ({
    change() {},
    render: async () => 0,
    async serve() {
      const server = createServer((_request, response) => response.end());
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
      return `http://127.0.0.1:${(server.address() as AddressInfo).port}/metrics`;
    },
  }),
  boundCounters: (shapes: readonly Shape[]) => ({
    instruments: instruments(shapes),
    call: (instrument: string, value: string) => `${instrument}.add(${value})`,
  }),
});
