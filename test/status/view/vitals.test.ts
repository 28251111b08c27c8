/**
 * The tile of what is lost: a point that an exporter refuses is refused by its receiver and on each edge between them, too, and
 * is one point.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Flow, Graph, GraphEdge, GraphNode } from '../../../src/status/model/index.ts';
import type { Node as ViewNode } from '../../../src/status/view/node.ts';
import { vitals } from '../../../src/status/view/vitals.ts';
import { fixtureData } from '../fixture-source.ts';

const textOf = (node: ViewNode): string => (typeof node === 'string' ? node : node.children.map(textOf).join(' '));

/** As many a second as in all. */
function lost(refused: number, failed = 0): Flow {
  const rate = (now: number) => ({ now, minutes: [null, now] });
  return { rate: rate(0), total: 0, refused, refusedRate: rate(refused), failed, failedRate: rate(failed) };
}

/** @param flows what each node counts, by its key; undefined: nothing */
function graphOf(
  flows: Readonly<Record<string, Flow | undefined>>,
  edges: readonly (readonly [string, string, Flow])[],
): Partial<Graph> {
  const nodes = Object.entries(flows).map(([key, flow]): GraphNode => {
    const [kind = '', id = ''] = key.split(' ');
    const counted = flow && (kind === 'receiver' ? { received: flow } : { sent: flow });
    return { key, kind: kind as GraphNode['kind'], id, type: id, state: 'working', since: 0, listens: [], ...counted };
  });
  return { nodes, edges: edges.map(([from, to, flow]): GraphEdge => ({ from, to, ...flow })) };
}

const [none, six] = [lost(0), lost(6)];

const cases: readonly (readonly [what: string, graph: Partial<Graph>, points: number])[] = [
  [
    'an exporter refuses',
    graphOf({ 'receiver a': six, 'processor p': undefined, 'exporter x': six }, [
      ['receiver a', 'processor p', six],
      ['processor p', 'exporter x', six],
    ]),
    6,
  ],
  [
    'a processor refuses',
    graphOf({ 'receiver a': six, 'processor p': undefined, 'exporter x': none }, [
      ['receiver a', 'processor p', six],
      ['processor p', 'exporter x', none],
    ]),
    6,
  ],
  ['a receiver refuses', graphOf({ 'receiver a': six, 'exporter x': none }, [['receiver a', 'exporter x', none]]), 6],
  [
    'each loses some',
    graphOf({ 'receiver a': lost(6, 1), 'processor p': undefined, 'exporter x': lost(1, 9) }, [
      ['receiver a', 'processor p', lost(4)],
      ['processor p', 'exporter x', lost(1)],
    ]),
    3 + 3 + 10,
  ],
  [
    'an exporter loses behind a batch, of which its receiver knows nothing',
    graphOf({ 'receiver a': none, 'processor batch': undefined, 'exporter x': lost(0, 6) }, [
      ['receiver a', 'processor batch', none],
      ['processor batch', 'exporter x', lost(0, 6)],
    ]),
    6,
  ],
  [
    'of two exporters one refuses',
    graphOf({ 'receiver a': six, 'exporter x': six, 'exporter y': none }, [
      ['receiver a', 'exporter x', six],
      ['receiver a', 'exporter y', none],
    ]),
    6,
  ],
  [
    'a bridge refuses',
    graphOf({ 'source app': undefined, 'store s': undefined, 'reader scrape': none }, [
      ['source app', 'store s', six],
      ['store s', 'reader scrape', none],
    ]),
    6,
  ],
];

for (const [what, change, points] of cases) {
  test(`a loss is counted once: ${what}`, async () => {
    const data = await fixtureData();
    const text = textOf(vitals({ ...data, graph: { ...data.graph, ...change } })).replace(/ +/g, ' ');
    assert.ok(text.includes(`Refused or failed ${points} points/s ${points} points since the start`), text);
  });
}
