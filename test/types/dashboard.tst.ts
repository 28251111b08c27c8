/** The dashboards that Meterbridge writes, held against Grafana's own types. */
import type { Dashboard, Panel, RowPanel, TableOptions, VariableModel } from '@grafana/schema';
import type { Options as StatOptions } from '@grafana/schema/dist/esm/raw/composable/stat/panelcfg/x/StatPanelCfg_types.gen';
import type { Options as TimeSeriesOptions } from '@grafana/schema/dist/esm/raw/composable/timeseries/panelcfg/x/TimeSeriesPanelCfg_types.gen';
import { describe, expect, test } from 'tstyche';
import type { dashboardModel } from '../../src/tools/generate/dashboard/dashboard.ts';
import type { panelModel } from '../../src/tools/generate/dashboard/panels.ts';

/** What may be written as JSON: Grafana's enums by their values, and nothing that must be changeable. */
type Written<T> = T extends string
  ? `${T}`
  : T extends readonly (infer Item)[]
    ? readonly Written<Item>[]
    : T extends object
      ? { readonly [Name in keyof T]: Written<T[Name]> }
      : T;

/** Grafana itself exports a data source variable with `current: {}`, which its type does not know. */
type Variable = Omit<Written<VariableModel>, 'current'> & { readonly current?: Partial<Written<VariableModel>['current']> };
type Model = ReturnType<typeof dashboardModel>;
type PanelModel = ReturnType<typeof panelModel>;

describe('a dashboard as Grafana reads it', () => {
  test('is one by its type', () => {
    expect<Omit<Model, 'templating'>>().type.toBeAssignableTo<Omit<Written<Dashboard>, 'templating'>>();
    expect<Model['templating']['list'][number]>().type.toBeAssignableTo<Variable>();
    expect<Model['panels'][number]>().type.toBeAssignableTo<Written<Panel | RowPanel>>();
  });

  test('has panels with options of their kinds', () => {
    expect<PanelModel>().type.toBeAssignableTo<Written<Panel>>();
    expect<PanelModel['options']>().type.toBeAssignableTo<Written<StatOptions | TableOptions | TimeSeriesOptions>>();
  });

  test('would not be one with a value that Grafana does not know', () => {
    expect<Omit<Model, 'templating' | 'graphTooltip'> & { graphTooltip: 7 }>().type.not.toBeAssignableTo<Written<Dashboard>>();
    expect<{ readonly name: string; readonly type: 'dataSource' }>().type.not.toBeAssignableTo<Variable>();
    expect<{ readonly mode: 'every' }>().type.not.toBeAssignableTo<Written<TimeSeriesOptions['tooltip']>>();
  });
});
