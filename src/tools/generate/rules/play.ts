/** What a test plays to an alert: samples, when it fires, and when it does not. */
import { labelName } from '../../../core/naming/index.ts';
import type { Alert } from './rule-file.ts';

export interface InputSeries {
  readonly series: string;
  /** In promtool's notation, one sample a minute from 0: `0x5 1+1x10` is six zeros, then 1 to 11. */
  readonly values: string;
}

export interface Play {
  readonly input: readonly InputSeries[];
  /** When it fires, e.g. `20m`, and the labels of the alert beside `alertname` and `severity`. */
  readonly fires: { readonly at: string; readonly labels: Readonly<Record<string, string>>; readonly value?: number };
  /** When, with the same samples, it does not. */
  readonly silentAt: string;
  /** It also fires where nothing is known. Default false. */
  readonly firesOnNothing?: boolean;
}

/** An alert with the samples that prove it. */
export interface PlayedAlert extends Alert {
  readonly play: Play;
}

/** Whom a play is about, if no job is given. */
export const EXAMPLE_JOB = 'app';
export const EXAMPLE_INSTANCE = 'host:9100';

/** A series as `input_series` names it. Label names are as on the wire. */
export function playedSeries(name: string, labels: Readonly<Record<string, string>>): string {
  const pairs = Object.entries(labels).map(([label, value]) => `${labelName(label)}=${JSON.stringify(value)}`);
  return `${name}{${pairs.join(',')}}`;
}
