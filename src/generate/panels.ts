/** Panels of a Grafana dashboard in its JSON model. A panel defines its content; the dashboard positions it. */
import type { Metric } from '../contract/index.ts';

/** The dashboard's only variable: the Prometheus data source. */
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
}

/** Values over time. */
export interface TimeSeries extends Common {
  readonly type: 'timeseries';
  readonly unit: string;
  readonly queries: readonly Query[];
}

/** One row per label set, which all columns share. */
export interface Table extends Common {
  readonly type: 'table';
  /** The labels to show before the columns: title by name. */
  readonly keys: Readonly<Record<string, string>>;
  readonly columns: readonly { readonly title: string; readonly expr: string; readonly unit: string }[];
}

export type Panel = Stat | TimeSeries | Table;

/** UCUM → Grafana's name of a unit. */
const units: Readonly<Record<string, string>> = { s: 's', By: 'bytes', '%': 'percent' };

/** A metric's unit as Grafana names it; `short` for a count. */
export function unitOf({ unit }: Metric): string {
  return units[unit] ?? 'short';
}

/** A panel's JSON without its id and position. */
export function panelModel(panel: Panel): object {
  const { type, title, description } = panel;
  return { type, title, description, datasource: datasource(), ...bodyOf(panel) };
}

function datasource(): object {
  return { type: 'prometheus', uid: `\${${DATASOURCE}}` };
}

function bodyOf(panel: Panel): object {
  if (panel.type === 'stat') return statBody(panel);
  return panel.type === 'timeseries' ? timeSeriesBody(panel) : tableBody(panel);
}

function statBody({ queries, redFrom }: Stat): object {
  const red = redFrom === undefined ? [] : [{ color: 'red', value: redFrom }];
  const thresholds = { mode: 'absolute', steps: [{ color: 'green', value: null }, ...red] };
  return {
    targets: queries.map((query, at) => ({ ...target(query.expr, at), legendFormat: query.legend, instant: true, range: false })),
    fieldConfig: { defaults: { unit: 'short', color: { mode: 'thresholds' }, thresholds }, overrides: [] },
    options: {
      reduceOptions: { calcs: ['lastNotNull'], fields: '', values: false },
      orientation: 'auto',
      textMode: 'value_and_name',
      colorMode: 'value',
      graphMode: 'none',
      justifyMode: 'auto',
      wideLayout: true,
      showPercentChange: false,
      percentChangeColorMode: 'standard',
    },
  };
}

function timeSeriesBody({ queries, unit }: TimeSeries): object {
  return {
    targets: queries.map((query, at) => ({ ...target(query.expr, at), legendFormat: query.legend, instant: false, range: true })),
    fieldConfig: { defaults: { unit, min: 0, color: { mode: 'palette-classic' } }, overrides: [] },
    options: {
      legend: { displayMode: 'list', placement: 'bottom', showLegend: true, calcs: [] },
      tooltip: { mode: 'multi', sort: 'desc' },
    },
  };
}

/** `merge` joins results with equal labels into one row; the values are then named `Value #A`, `Value #B` and so on. */
function tableBody({ keys, columns }: Table): object {
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
    options: { frameIndex: 0, showHeader: true, cellHeight: 'sm' },
    transformations: [
      { id: 'merge', options: {} },
      {
        id: 'organize',
        options: {
          excludeByName: { Time: true },
          indexByName: Object.fromEntries(names.map((name, at) => [name, at])),
          renameByName: Object.fromEntries(names.map((name, at) => [name, titles[at]])),
        },
      },
    ],
  };
}

function target(expr: string, at: number): object {
  return { refId: refId(at), datasource: datasource(), expr, editorMode: 'code' };
}

/** A, B, C…: a panel has far fewer than 26 queries. */
function refId(at: number): string {
  return String.fromCharCode('A'.charCodeAt(0) + at);
}
