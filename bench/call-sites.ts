/**
 * Thirty call sites as a program has them: each a function of its own, with its own instrument and an attribute literal of its own shape. They are
 * generated as source text, because one function for all would let V8 compile it for a single shape, which flatters every contender.
 */
import type { Calls, Shape } from './contenders/contender.ts';

const siteCount = 30;
const bits = 12;
/** Calls ahead of time decide which labels come next: cheaper than drawing them inside the loop. */
const picks = 1 << bits;

export interface CallSites {
  /** Calls every site `times` times. */
  run(times: number): void;
  readonly sites: number;
}

/** `sizes`: how many values each label has; 10 by 10 makes 100 series. */
export function shapesOf(sizes: readonly number[]): readonly Shape[] {
  const words = ['method', 'route', 'zone'];
  const labelsOf = (site: number) =>
    sizes.map((size, at) => ({
      name: `${words[at]}_${site}`,
      values: Array.from({ length: size }, (_, value) => `${words[at]}-${value}`),
    }));
  return Array.from({ length: siteCount }, (_, site) => ({ name: `bench_requests_${site}`, labels: labelsOf(site) }));
}

export function callSites({ instruments, call }: Calls, shapes: readonly Shape[], values: Float64Array = ones()): CallSites {
  const labels = shapes[0]?.labels ?? [];
  const parameters = labels.map((_, at) => `l${at}`);
  const sites = shapes.map((shape, site) => {
    const literal = `{ ${shape.labels.map(({ name }, at) => `${name}: l${at}`).join(', ')} }`;
    return `(value, ${parameters.join(', ')}) => { ${call(`instrument${site}`, 'value', literal)}; }`;
  });
  const source = `'use strict';
    ${instruments.map((_, site) => `const instrument${site} = instruments[${site}];`).join('\n')}
    const sites = [${sites.join(',\n')}];
    ${labels.map((_, at) => `const labels${at} = labels[${at}].values, picks${at} = picks[${at}];`).join('\n')}
    let turn = 0;
    return function run(times) {
      for (let time = 0; time < times; time++) {
        for (let site = 0; site < ${shapes.length}; site++) {
          turn = (turn + 1) & ${picks - 1};
          sites[site](values[turn], ${labels.map((_, at) => `labels${at}[picks${at}[turn]]`).join(', ')});
        }
      }
    };`;
  const run = new Function('instruments', 'labels', 'picks', 'values', source)(instruments, labels, labels.map(pickTable), values);
  return { run, sites: shapes.length };
}

export function ones(): Float64Array {
  return new Float64Array(picks).fill(1);
}

/** From 1 ms to 20 s, as many small as large ones. */
export function durations(): Float64Array {
  const random = generator(99);
  return Float64Array.from({ length: picks }, () => 0.001 * 20_000 ** random());
}

function pickTable({ values }: Shape['labels'][number], at: number): Uint8Array {
  const random = generator(at + 1);
  return Uint8Array.from({ length: picks }, () => Math.floor(random() * values.length));
}

/** The same numbers in [0, 1) in every process: mulberry32. */
function generator(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
