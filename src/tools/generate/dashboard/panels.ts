/** Panels of a Grafana dashboard in its JSON model. A panel defines its content; the dashboard positions it. */

/** The variable for the Prometheus data source, which every dashboard has. */
export const DATASOURCE = 'datasource';

interface Common {
  readonly title: string;
  readonly description: string;
  /** In Grafana's 24 columns. */
  readonly width: number;
  /** In Grafana's rows of 30 pixels. */
  readonly height: number;
}

export interface Query {
  readonly expr: string;
  /** A string, or a pattern such as `{{host}}`. */
  readonly legend: string;
}

/** The latest value of each series. */
export interface Stat extends Common {
  readonly type: 'stat';
  readonly queries: readonly Query[];
  /** The panel is red from this value on. Default: never. */
  readonly redFrom?: number;
  /** Default `short`. */
  readonly unit?: string;
}

/** Values over time. */
export interface TimeSeries extends Common {
  readonly type: 'timeseries';
  readonly unit: string;
  readonly queries: readonly Query[];
  /** Values may be below 0: the axis then begins with them. Default false. */
  readonly signed?: boolean;
}

/** One row per label set, which all columns share. */
export interface Table extends Common {
  readonly type: 'table';
  /** The labels to show before the columns: title by name. */
  readonly keys: Readonly<Record<string, string>>;
  readonly columns: readonly { readonly title: string; readonly expr: string; readonly unit: string }[];
}

/** The labels of series whose value says nothing. */
export interface LabelTable extends Common {
  readonly type: 'labels';
  /** The labels to show: title by name. */
  readonly keys: Readonly<Record<string, string>>;
  readonly expr: string;
}

export type Panel = Stat | TimeSeries | Table | LabelTable;

/** A panel's JSON without its id and position. */
export function panelModel(panel: Panel) {
  const { title, description } = panel;
  const type = panel.type === 'labels' ? ('table' as const) : panel.type;
  return { type, title, description, datasource: datasource(), ...bodyOf(panel) };
}

export function datasource() {
  return { type: 'prometheus', uid: `\${${DATASOURCE}}` };
}

function bodyOf(panel: Panel) {
  if (panel.type === 'stat') return statBody(panel);
  if (panel.type === 'labels') return labelBody(panel);
  return panel.type === 'timeseries' ? timeSeriesBody(panel) : tableBody(panel);
}

function statBody({ queries, redFrom, unit = 'short' }: Stat) {
  const red = redFrom === undefined ? [] : [{ color: 'red', value: redFrom }];
  const thresholds = { mode: 'absolute' as const, steps: [{ color: 'green', value: null }, ...red] };
  return {
    targets: queries.map((query, at) => ({ ...target(query.expr, at), legendFormat: query.legend, instant: true, range: false })),
    fieldConfig: { defaults: { unit, color: { mode: 'thresholds' as const }, thresholds }, overrides: [] },
    options: {
      reduceOptions: { calcs: ['lastNotNull'], fields: '', values: false },
      orientation: 'auto' as const,
      textMode: 'value_and_name' as const,
      colorMode: 'value' as const,
      graphMode: 'none' as const,
      justifyMode: 'auto' as const,
      wideLayout: true,
      showPercentChange: false,
      percentChangeColorMode: 'standard' as const,
    },
  };
}

function timeSeriesBody({ queries, unit, signed = false }: TimeSeries) {
  const axis = signed ? {} : { min: 0 };
  return {
    targets: queries.map((query, at) => ({ ...target(query.expr, at), legendFormat: query.legend, instant: false, range: true })),
    fieldConfig: { defaults: { unit, ...axis, color: { mode: 'palette-classic' as const } }, overrides: [] },
    options: {
      legend: { displayMode: 'list' as const, placement: 'bottom' as const, showLegend: true, calcs: [] },
      tooltip: { mode: 'multi' as const, sort: 'desc' as const },
    },
  };
}

/** `merge` joins results with equal labels into one row; the values are then named `Value #A`, `Value #B` and so on. */
function tableBody({ keys, columns }: Table) {
  const valueName = (at: number) => `Value #${refId(at)}`;
  const names = [...Object.keys(keys), ...columns.map((_, at) => valueName(at))];
  const titles = [...Object.values(keys), ...columns.map(({ title }) => title)];
  return {
    targets: columns.map(({ expr }, at) => ({ ...target(expr, at), format: 'table', instant: true, range: false })),
    fieldConfig: {
      defaults: {},
      overrides: columns.map(({ title, unit }) => ({
        matcher: { id: 'byName', options: title },
        properties: [{ id: 'unit', value: unit }],
      })),
    },
    options: { frameIndex: 0, showHeader: true, cellHeight: 'sm' as const },
    transformations: [{ id: 'merge', options: {} }, organize({ Time: true }, names, titles)],
  };
}

/** Of a single query, the value is named `Value`. */
function labelBody({ keys, expr }: LabelTable) {
  return {
    targets: [{ ...target(expr, 0), format: 'table', instant: true, range: false }],
    fieldConfig: { defaults: {}, overrides: [] },
    options: { frameIndex: 0, showHeader: true, cellHeight: 'sm' as const },
    transformations: [organize({ Time: true, Value: true }, Object.keys(keys), Object.values(keys))],
  };
}

function organize(
  excludeByName: Readonly<Record<string, true>>,
  names: readonly string[],
  titles: readonly (string | undefined)[],
) {
  return {
    id: 'organize',
    options: {
      excludeByName,
      indexByName: Object.fromEntries(names.map((name, at) => [name, at])),
      renameByName: Object.fromEntries(names.map((name, at) => [name, titles[at]])),
    },
  };
}

function target(expr: string, at: number) {
  return { refId: refId(at), datasource: datasource(), expr, editorMode: 'code' as const };
}

/** A, B, C…: a panel has far fewer than 26 queries. */
function refId(at: number): string {
  return String.fromCharCode('A'.charCodeAt(0) + at);
}
