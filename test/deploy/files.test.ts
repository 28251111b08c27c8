/** What `deploy/` holds is what the contracts give, and what Grafana and Prometheus need of it is there. */
import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { parse } from 'yaml';
import { files } from '../../deploy/source/files.ts';
import { ownFiles } from '../../deploy/source/own.ts';

const deploy = join(import.meta.dirname, '../../deploy');
const read = (path: string) => readFileSync(join(deploy, path), 'utf8');

for (const [path, text] of Object.entries({ ...files, ...ownFiles })) {
  test(`deploy/${path} is what npm run generate writes`, () => assert.equal(read(path), text));
}

test('no rule file or dashboard of deploy/ is made otherwise', () => {
  const there = globSync(['prometheus/**/*.rules.yaml', 'grafana/**/*.json'], { cwd: deploy });
  assert.deepEqual(there.sort(), Object.keys({ ...files, ...ownFiles }).sort());
});

test('no two alerts have one name, and the page describes each of them', () => {
  const namesIn = (of: object) =>
    Object.keys(of)
      .filter((path) => path.endsWith('.yaml'))
      .flatMap((path) => [...read(path).matchAll(/alert: (\S+)/g)].map(([, name]) => name));
  const names = namesIn({ ...files, ...ownFiles });
  assert.equal(namesIn(files).length, 12);
  assert.ok(names.length > 30);
  assert.equal(new Set(names).size, names.length);
  // A row may describe several.
  const rows = [...read('README.md').matchAll(/^\| ((?:`[A-Z]\w+`(?:, )?)+) \|/gm)].map(([, cell = '']) => cell);
  assert.deepEqual(rows.flatMap((cell) => cell.replaceAll('`', '').split(', ')).sort(), names.sort());
});

/** Typed from restic-manager's document. */
const titles = ['Fleet status', 'Open alerts', 'Backups failing', 'Hosts', 'Repository size', 'Job duration, p95'];

interface Panel {
  readonly id: number;
  readonly title: string;
  readonly gridPos: { readonly x: number; readonly y: number; readonly w: number; readonly h: number };
  readonly datasource: unknown;
  readonly targets: readonly { readonly datasource: unknown; readonly refId: string }[];
}

const board = JSON.parse(read('grafana/restic-manager-dashboard.json'));
const panels: readonly Panel[] = board.panels;

test('the dashboard has the six panels of its document, at schema 39, under its own uid, and no alerts', () => {
  assert.deepEqual(
    panels.map(({ title }) => title),
    titles,
  );
  assert.equal(board.schemaVersion, 39);
  assert.equal(board.uid, 'restic-manager');
  assert.equal(board.id, null);
  assert.doesNotMatch(JSON.stringify(panels), /"alert"/);
});

test('its one variable is the data source, and every panel and query goes through it', () => {
  assert.deepEqual(
    board.templating.list.map(({ name, type, query }: Record<string, string>) => [name, type, query]),
    [['datasource', 'datasource', 'prometheus']],
  );
  // biome-ignore lint/suspicious/noTemplateCurlyInString: this is how Grafana writes a variable
  const throughVariable = { type: 'prometheus', uid: '${datasource}' };
  for (const panel of panels) {
    assert.ok(panel.targets.length > 0, panel.title);
    assert.deepEqual(new Set(panel.targets.map(({ refId }) => refId)).size, panel.targets.length);
    for (const { datasource } of [panel, ...panel.targets]) assert.deepEqual(datasource, throughVariable);
  }
});

test('its panels have ids of their own, stand inside the grid and do not overlap', () => {
  assert.equal(new Set(panels.map(({ id }) => id)).size, panels.length);
  const taken = new Set<string>();
  for (const { title, gridPos } of panels) {
    assert.ok(gridPos.x >= 0 && gridPos.x + gridPos.w <= 24 && gridPos.w > 0 && gridPos.h > 0, title);
    for (let x = gridPos.x; x < gridPos.x + gridPos.w; x++) {
      for (let y = gridPos.y; y < gridPos.y + gridPos.h; y++) {
        assert.ok(!taken.has(`${x},${y}`), `${title} overlaps another panel at ${x},${y}`);
        taken.add(`${x},${y}`);
      }
    }
  }
});

test('Grafana is told where the dashboard is and whom to ask', () => {
  const { providers } = parse(read('grafana/provisioning/dashboards/meterbridge.yaml'));
  assert.deepEqual(
    providers.map(({ type, options }: { type: string; options: object }) => [type, options]),
    [['file', { path: '/var/lib/grafana/dashboards' }]],
  );
  const { datasources } = parse(read('grafana/provisioning/datasources/prometheus.yaml'));
  assert.equal(datasources[0].type, board.templating.list[0].query);
});
