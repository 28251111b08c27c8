/** The graph's picture: no box on another one, lines from left to right, and no two numbers in one place. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { layoutOf } from '../../../src/status/view/graph/layout.ts';
import { placeOfNumber } from '../../../src/status/view/graph/place-of-number.ts';

/** Pipelines as a configuration has them: receivers, a chain of processors, exporters. */
const pipelines = fc.array(
  fc.record({
    receivers: fc.uniqueArray(fc.constantFrom('r1', 'r2', 'r3'), { minLength: 1 }),
    processors: fc.nat(3),
    exporters: fc.uniqueArray(fc.constantFrom('e1', 'e2', 'e3', 'e4'), { minLength: 1 }),
  }),
  { minLength: 1, maxLength: 3 },
);

function graphOf(all: readonly { receivers: string[]; processors: number; exporters: string[] }[]) {
  const edges = all.flatMap(({ receivers, processors, exporters }, index) => {
    const chain = Array.from({ length: processors }, (_, place) => `p${index}.${place}`);
    const [first, last] = [chain[0], chain.at(-1)];
    if (first === undefined || last === undefined) return receivers.flatMap((from) => exporters.map((to) => ({ from, to })));
    const within = chain.slice(1).map((to, place) => ({ from: chain[place] as string, to }));
    return [...receivers.map((from) => ({ from, to: first })), ...within, ...exporters.map((to) => ({ from: last, to }))];
  });
  return { edges, keys: [...new Set(edges.flatMap(({ from, to }) => [from, to]))] };
}

test('boxes are apart, and every line runs from the right of one to the left of another', () => {
  fc.assert(
    fc.property(pipelines, (all) => {
      const { keys, edges } = graphOf(all);
      const { nodes, edges: routed, nodeWidth, nodeHeight, width, height } = layoutOf(keys, edges);
      for (const [index, a] of nodes.entries()) {
        assert.ok(a.x >= 0 && a.y >= 0 && a.x + nodeWidth <= width + 1 && a.y + nodeHeight <= height);
        for (const b of nodes.slice(index + 1))
          assert.ok(Math.abs(a.x - b.x) >= nodeWidth || Math.abs(a.y - b.y) >= nodeHeight, `${a.key} is on ${b.key}`);
      }
      for (const { edge, points } of routed) {
        const [from, to] = [nodes.find(({ key }) => key === edge.from), nodes.find(({ key }) => key === edge.to)];
        assert.ok(from !== undefined && to !== undefined && points.length >= 2);
        assert.deepEqual(points[0], [from.x + nodeWidth, from.y + nodeHeight / 2]);
        assert.deepEqual(points.at(-1), [to.x, to.y + nodeHeight / 2]);
        const across = points.map(([x]) => x);
        assert.deepEqual(
          across,
          [...across].sort((a, b) => a - b),
          'a line runs back',
        );
      }
    }),
  );
});

test('numbers of lines that meet, part or cross are apart', () => {
  const crossed = ['a', 'b'].flatMap((from) => ['c', 'd'].map((to) => ({ from, to })));
  for (const edges of [crossed, crossed.slice(0, 2), crossed.filter(({ to }) => to === 'c')]) {
    const { edges: routed } = layoutOf([...new Set(edges.flatMap(({ from, to }) => [from, to]))], edges);
    const places = routed.map(({ edge, points }) => placeOfNumber(edge, points, edges));
    for (const [index, one] of places.entries())
      for (const other of places.slice(index + 1))
        assert.ok(Math.abs((one?.y ?? 0) - (other?.y ?? 0)) >= 24, JSON.stringify(places));
  }
});

test('what leads nowhere stands at the right, also beside a longer pipeline', () => {
  const edges = [
    { from: 'r', to: 'p' },
    { from: 'p', to: 'e' },
    { from: 'r', to: 'debug' },
  ];
  const { nodes } = layoutOf(['r', 'p', 'e', 'debug'], edges);
  const x = (key: string) => nodes.find((node) => node.key === key)?.x ?? Number.NaN;
  assert.equal(x('debug'), x('e'));
  assert.ok(x('p') < x('e'));
});
