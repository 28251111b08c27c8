/** Writes panels as the JSON of a Grafana dashboard, which you import or provision from a file. */
import { escapedMarks } from '../../../core/errors/visible.ts';
import { DATASOURCE, datasource, type Panel, panelModel } from './panels.ts';

/** The schema version of Grafana 11. A newer Grafana migrates it. */
const SCHEMA_VERSION = 39;
/** Grafana's grid. */
const COLUMNS = 24;
/** "All" of a variable: also of targets that lack the label. */
const ANY = '.*';

/** A heading over the panels that follow it. */
export interface Row {
  readonly type: 'row';
  readonly title: string;
}

/** A variable whose values are those of a label; several may be chosen, or all. */
export interface LabelVariable {
  /** Also the variable's name. */
  readonly label: string;
  readonly title: string;
  /** The series whose labels are offered. */
  readonly of: string;
}

export interface Dashboard {
  /** Never changes: links and provisioning identify the dashboard by it. At most 40 characters. */
  readonly uid: string;
  readonly title: string;
  readonly description: string;
  readonly tags: readonly string[];
  /** The initial time range, back from now, e.g. `24h`. */
  readonly span: string;
  /** Beside the data source. Default: none. */
  readonly variables?: readonly LabelVariable[];
  /** From left to right, wrapped into lines; each line is as high as its highest panel. */
  readonly panels: readonly (Panel | Row)[];
}

/** The content of a dashboard's file. */
export function dashboard(content: Dashboard): string {
  return `${escapedMarks(JSON.stringify(dashboardModel(content), null, 2))}\n`;
}

/** The same with each panel and each variable in one line: a third of the size. */
export function compactDashboard(content: Dashboard): string {
  const { templating, panels, ...rest } = dashboardModel(content);
  const fields = [
    ...Object.entries(rest).map(([name, value]) => `${JSON.stringify(name)}: ${JSON.stringify(value)}`),
    `"templating": { "list": ${lines(templating.list)} }`,
    `"panels": ${lines(panels)}`,
  ];
  return escapedMarks(`{\n  ${fields.join(',\n  ')}\n}\n`);
}

function lines(items: readonly object[]): string {
  return `[\n${items.map((item) => `    ${JSON.stringify(item)}`).join(',\n')}\n  ]`;
}

/** The JSON model (type `Dashboard` of `@grafana/schema`). */
export function dashboardModel({ uid, title, description, tags, span, variables = [], panels }: Dashboard) {
  const places = placesOf(panels);
  return {
    id: null,
    uid,
    title,
    description,
    tags,
    schemaVersion: SCHEMA_VERSION,
    version: 1,
    editable: true,
    graphTooltip: 1 as const,
    timezone: 'browser',
    time: { from: `now-${span}`, to: 'now' },
    refresh: '1m',
    templating: { list: [datasourceVariable, ...variables.map(labelVariable)] },
    annotations: { list: [] },
    links: [],
    panels: panels.map((panel, at) => ({ id: at + 1, gridPos: places[at] as GridPosition, ...bodyOf(panel) })),
  };
}

function bodyOf(panel: Panel | Row) {
  return panel.type === 'row' ? { type: panel.type, title: panel.title, collapsed: false, panels: [] } : panelModel(panel);
}

/** Grafana chooses the initial value: its default data source, if that is a Prometheus. */
const datasourceVariable = {
  name: DATASOURCE,
  type: 'datasource' as const,
  label: 'Data source',
  query: 'prometheus',
  regex: '',
  hide: 0 as const,
  refresh: 1 as const,
  multi: false,
  includeAll: false,
  skipUrlSync: false,
  current: {},
  options: [],
};

function labelVariable({ label, title, of }: LabelVariable) {
  const query = `label_values(${of}, ${label})`;
  return {
    name: label,
    type: 'query' as const,
    label: title,
    datasource: datasource(),
    definition: query,
    query: { qryType: 1, query, refId: 'PrometheusVariableQueryEditor-VariableQuery' },
    regex: '',
    hide: 0 as const,
    // 2: whenever the time range changes.
    refresh: 2 as const,
    // 1: alphabetically.
    sort: 1 as const,
    multi: true,
    includeAll: true,
    allValue: ANY,
    skipUrlSync: false,
    current: { selected: true, text: ['All'], value: ['$__all'] },
    options: [],
  };
}

interface GridPosition {
  readonly x: number;
  readonly y: number;
  readonly w: number;
  readonly h: number;
}

function placesOf(panels: readonly (Panel | Row)[]): readonly GridPosition[] {
  let x = 0;
  let y = 0;
  let lineHeight = 0;
  return panels.map((panel) => {
    const { w, h } = panel.type === 'row' ? { w: COLUMNS, h: 1 } : { w: panel.width, h: panel.height };
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
