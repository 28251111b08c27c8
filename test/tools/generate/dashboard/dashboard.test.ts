/** Held against the JSON model that Grafana documents, at schema version 39. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { contract, counter, gauge } from '../../../../src/core/contract/index.ts';
import { dashboard, type Panel, unitOf } from '../../../../src/tools/generate/index.ts';

const common = { description: '', height: 5, queries: [{ expr: 'up', legend: 'up' }] };
const stat = (width: number, height = 5): Panel => ({ ...common, type: 'stat', title: 'S', width, height });

function modelOf(...panels: readonly Panel[]) {
  return JSON.parse(dashboard({ uid: 'u', title: 'T', description: 'D', tags: ['t'], span: '6h', panels }));
}

test('panels stand from left to right, and a line that is full begins a new one below its highest', () => {
  const { panels } = modelOf(stat(12), stat(12, 9), stat(20), stat(5, 3));
  assert.deepEqual(
    panels.map((panel: { id: number; gridPos: object }) => [panel.id, panel.gridPos]),
    [
      [1, { x: 0, y: 0, w: 12, h: 5 }],
      [2, { x: 12, y: 0, w: 12, h: 9 }],
      [3, { x: 0, y: 9, w: 20, h: 5 }],
      [4, { x: 0, y: 14, w: 5, h: 3 }],
    ],
  );
});

test('a stat is green, and red from its threshold on', () => {
  const [plain, warned] = modelOf(stat(1), { ...stat(1), redFrom: 2 } as Panel).panels;
  assert.deepEqual(plain.fieldConfig.defaults.thresholds.steps, [{ color: 'green', value: null }]);
  assert.deepEqual(warned.fieldConfig.defaults.thresholds.steps, [
    { color: 'green', value: null },
    { color: 'red', value: 2 },
  ]);
});

test('a table merges its columns by their labels, and names them in order', () => {
  const columns = [
    { title: 'Size', expr: 'size', unit: 'bytes' },
    { title: 'Age', expr: 'age', unit: 's' },
  ];
  const [table] = modelOf({
    type: 'table',
    title: 'T',
    description: '',
    width: 24,
    height: 9,
    keys: { host: 'Host' },
    columns,
  }).panels;
  assert.deepEqual(
    table.targets.map((target: Record<string, unknown>) => [target.refId, target.expr, target.format, target.instant]),
    [
      ['A', 'size', 'table', true],
      ['B', 'age', 'table', true],
    ],
  );
  const [merge, organize] = table.transformations;
  assert.equal(merge.id, 'merge');
  assert.deepEqual(organize, {
    id: 'organize',
    options: {
      excludeByName: { Time: true },
      indexByName: { host: 0, 'Value #A': 1, 'Value #B': 2 },
      renameByName: { host: 'Host', 'Value #A': 'Size', 'Value #B': 'Age' },
    },
  });
  assert.deepEqual(table.fieldConfig.overrides[1], {
    matcher: { id: 'byName', options: 'Age' },
    properties: [{ id: 'unit', value: 's' }],
  });
});

test('units by the names that Grafana gives them', () => {
  const { metrics } = contract('app', {
    memory: gauge({ unit: 'By', help: 'Memory.' }),
    uptime: gauge({ unit: 's', help: 'Uptime.' }),
    load: gauge({ unit: '%', help: 'Load.' }),
    jobs: counter({ unit: '{job}', help: 'Jobs.' }),
  });
  assert.deepEqual(Object.values(metrics).map(unitOf), ['bytes', 's', 'percent', 'short']);
});
