/**
 * The least that counts by labels: two maps, and a reader made of source text with the label names in it. It counts the labels,
 * as Meterbridge does, and checks nothing else; nobody could scrape it. Histograms search their bounds by halves.
 */
import type { Calls, Contender, Shape } from './contender.ts';

/** More rows than any set of values needs. */
const rows = 8_192;

function reader({ labels }: Shape, cells: number, write: string, parts: object): object {
  const [first, second] = labels.map(({ name }) => JSON.stringify(name));
  const source = `'use strict';
    const root = new Map(), cells = new Float64Array(${rows * cells});
    let rows = 0;
    function added(l0, l1) {
      if (!root.has(l0)) root.set(l0, new Map());
      root.get(l0).set(l1, rows);
      return rows++;
    }
    return function measure(value, labels) {
      let count = 0;
      for (const name in labels) count++;
      if (count !== 2) return;
      const l0 = labels[${first}], l1 = labels[${second}];
      let row = root.get(l0)?.get(l1);
      if (row === undefined) row = added(l0, l1);
      ${write}
    };`;
  return { add: new Function(...Object.keys(parts), source)(...Object.values(parts)) };
}

function counters(shapes: readonly Shape[]): Calls {
  return {
    instruments: shapes.map((shape) => reader(shape, 1, 'cells[row] += value;', {})),
    call: (instrument, value, labels) => `${instrument}.add(${value}, ${labels})`,
  };
}

function histograms(shapes: readonly Shape[], bounds: readonly number[]): Calls {
  const cells = bounds.length + 2;
  const write = `
    let low = 0, high = ${bounds.length};
    while (low < high) {
      const middle = (low + high) >> 1;
      if (value <= bounds[middle]) high = middle;
      else low = middle + 1;
    }
    const at = row * ${cells};
    cells[at] += value;
    cells[at + 1 + low] += 1;`;
  return {
    instruments: shapes.map((shape) => reader(shape, cells, write, { bounds: Float64Array.from(bounds) })),
    call: (instrument, value, labels) => `${instrument}.add(${value}, ${labels})`,
  };
}

export const contender: Contender = Object.freeze({ counters, apiCounters: counters, histograms });
