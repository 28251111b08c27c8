/** Writes panels as the JSON of a Grafana dashboard, which you import or provision from a file. */
import { DATASOURCE, type Panel, panelModel } from './panels.ts';

/** The schema version of Grafana 11. A newer Grafana migrates it. */
const SCHEMA_VERSION = 39;
/** Grafana's grid. */
const COLUMNS = 24;

export interface Dashboard {
  /** Never changes: links and provisioning identify the dashboard by it. At most 40 characters. */
  readonly uid: string;
  readonly title: string;
  readonly description: string;
  readonly tags: readonly string[];
  /** The initial time range, back from now, e.g. `24h`. */
  readonly span: string;
  /** From left to right, wrapped into lines; each line is as high as its highest panel. */
  readonly panels: readonly Panel[];
}

/** The content of a dashboard's file. */
export function dashboard({ uid, title, description, tags, span, panels }: Dashboard): string {
  const places = placesOf(panels);
  const model = {
    id: null,
    uid,
    title,
    description,
    tags,
    schemaVersion: SCHEMA_VERSION,
    version: 1,
    editable: true,
    graphTooltip: 1,
    timezone: 'browser',
    time: { from: `now-${span}`, to: 'now' },
    refresh: '1m',
    templating: { list: [datasourceVariable] },
    annotations: { list: [] },
    links: [],
    panels: panels.map((panel, at) => ({ id: at + 1, gridPos: places[at], ...panelModel(panel) })),
  };
  return `${JSON.stringify(model, null, 2)}\n`;
}

/** Grafana chooses the initial value: its default data source, if that is a Prometheus. */
const datasourceVariable = {
  name: DATASOURCE,
  type: 'datasource',
  label: 'Data source',
  query: 'prometheus',
  regex: '',
  hide: 0,
  refresh: 1,
  multi: false,
  includeAll: false,
  skipUrlSync: false,
  current: {},
  options: [],
};

interface GridPosition {
  readonly x: number;
  readonly y: number;
  readonly w: number;
  readonly h: number;
}

function placesOf(panels: readonly Panel[]): readonly GridPosition[] {
  let x = 0;
  let y = 0;
  let lineHeight = 0;
  return panels.map(({ width: w, height: h }) => {
    if (x + w > COLUMNS) {
      y += lineHeight;
      x = 0;
      lineHeight = 0;
    }
    const place = { x, y, w, h };
    x += w;
    lineHeight = Math.max(lineHeight, h);
    return place;
  });
}
