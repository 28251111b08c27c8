/**
 * The full path of a measurement to an engine: check the value, admit or reject the labels, expose the series, and let `write`
 * record the value.
 */

import { valueRule } from '../../core/store/index.ts';
import { labelsIn } from '../series/label-rules/read-labels.ts';
import type { AdmitEvent } from '../series/refusals.ts';
import type { Series } from '../series/series.ts';
import type { Entered, LabelledSeries, SeriesTable } from '../series/series-table.ts';
import type { MeasureBound } from './engine.ts';

/** Records an admitted measurement. The series has its row. */
export type Write = (series: Series, value: number) => void;

/**
 * Returns the series only if all measurements with these labels are its own and nothing else: nothing was aggregated into `other`
 * or dropped.
 */
export type MeasureJudged = (value: number, labels: unknown) => Series | undefined;

/** @param accepts the rule of its values; default: that of the metric's kind */
export function judgedMeasure(table: SeriesTable, write: Write, accepts = valueRule(table.metric.kind)): MeasureJudged {
  const { kind } = table.metric;
  const put = putOf(table, write);
  return (value, labels) => {
    if (!accepts(value)) {
      table.refuse('value', undefined, value);
      return undefined;
    }
    const entered = table.enter(labels);
    if (entered === undefined) return undefined;
    const { series } = entered;
    // An info has one label set at a time.
    if (kind === 'info') for (const other of [...table.all()]) if (other !== series) table.drop(other);
    put(series, value);
    return countsEach(entered) ? undefined : series;
  };
}

/** As `judgedMeasure`, for adding to a gauge: its series appears at 0, and `write` adds a finite value. */
export function judgedAdjust(table: SeriesTable, write: Write): MeasureJudged {
  return (value, labels) => {
    if (!Number.isFinite(value)) {
      table.refuse('value', undefined, value);
      return undefined;
    }
    const entered = table.enter(labels);
    if (entered === undefined) return undefined;
    const { series } = entered;
    if (series.live && table.show(series, 0)) write(series, value);
    return countsEach(entered) ? undefined : series;
  };
}

export interface JudgedBound {
  readonly measure: MeasureBound;
  /** Undefined: each measurement counts a rejection, an aggregation or a drop, so each takes the full path. */
  readonly series: Series | undefined;
}

interface Remark {
  readonly event: AdmitEvent;
  readonly got: unknown;
}

export function judgedBound(table: LabelledSeries, write: Write): (labels: unknown) => JudgedBound {
  const accepts = valueRule(table.metric.kind);
  const put = putOf(table, write);

  function hold(labels: unknown, remarks: Remark[]): Series | undefined {
    remarks.length = 0;
    const entered = table.enter(labels, (event, got) => void remarks.push({ event, got }));
    return entered === undefined ? undefined : table.hold(entered.series);
  }

  return (given) => {
    const labels = labelsIn(given);
    const remarks: Remark[] = [];
    let series = hold(labels, remarks);
    let boundAt = table.resets;
    const measure = (value: number): void => {
      if (!accepts(value)) {
        table.refuse('value', undefined, value);
        return;
      }
      // Try rejected labels again at each call, so that every lost measurement counts.
      if (series === undefined || boundAt !== table.resets) series = hold(labels, remarks);
      boundAt = table.resets;
      if (series === undefined) return;
      if (!series.live) {
        table.refuse('removed');
        return;
      }
      put(series, value);
      if (!series.live) {
        // The store was full.
        series = undefined;
        return;
      }
      for (const { event, got } of remarks) table.count(event, got);
    };
    return { measure, series: remarks.length === 0 ? series : undefined };
  };
}

/** Whether each measurement with these labels takes the full path, because it counts. */
function countsEach({ merged, isAlias }: Entered): boolean {
  return merged && isAlias !== true;
}

function putOf(table: SeriesTable, write: Write): Write {
  const isSet = table.metric.kind === 'gauge' || table.metric.kind === 'info';
  return (series, value) => {
    // A caller's getter may have removed it meanwhile.
    if (series.live && table.show(series, isSet ? value : 0)) write(series, value);
  };
}
