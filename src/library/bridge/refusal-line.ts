/** The message for a measurement that is lost or changed: a log line, and with `strict` an error. */
import { fullLabelFix } from '../../core/contract/full-label.ts';
import type { ClosedLabel, Label, LabelValue } from '../../core/contract/metric.ts';
import { MeterbridgeError, type Problem } from '../../core/errors/error.ts';
import { shown } from '../../core/errors/shown.ts';
import type { Kind } from '../../core/naming/kind.ts';
import type { AdmitEvent } from '../recording/index.ts';
import type { Refusal } from '../series/refusals.ts';

type Limits = Exclude<Label, ClosedLabel<LabelValue>>;

/** The most characters of a value that a line shows. */
const mostShown = 60;

/** The line for the first of a metric and reason. */
export function admitLine(event: AdmitEvent, got: unknown): string {
  const { at, got: value, rule, fix } = problemOf(event, got);
  if (event.outcome === 'closed') return `${at}: ${whatOf(event)}; ${rule}. Fix: ${fix}`;
  return `${at}: ${whatOf(event)}: got ${value}; ${rule}; further ones are only counted. Fix: ${fix}`;
}

/** The line for those that came after it. */
export function countLine(event: AdmitEvent, more: number): string {
  return `${placeOf(event)}: ${whatOf(event)}: ${more.toLocaleString('en-US')} more since`;
}

export function admitError(event: AdmitEvent, got: unknown): MeterbridgeError {
  return new MeterbridgeError('MEASUREMENT_REFUSED', [problemOf(event, got)]);
}

function placeOf({ metric, ...event }: AdmitEvent): string {
  if (metric === undefined)
    return 'instrument' in event ? `instrument ${shown(event.instrument, mostShown)}` : 'instruments outside the contracts';
  return 'label' in event && event.label !== undefined ? `${metric.series}{${event.label}}` : metric.series;
}

/** What happened to it. */
export function whatOf(event: AdmitEvent): string {
  switch (event.outcome) {
    case 'refused':
      return `a measurement is rejected (${event.reason})`;
    case 'folded':
      return `a measurement is aggregated into another series (${event.reason})`;
    case 'shortened':
      return 'a label value is shortened';
    case 'dropped':
      return 'a label is dropped';
    case 'respelled':
      return 'two sets of attributes are one series';
    case 'closed':
      return 'a measurement after close() is lost, as are those that follow';
  }
}

export function problemOf(event: AdmitEvent, got: unknown): Problem {
  const [rule, fix] = isArguments(event, got) ? argumentsRule(event.metric?.kind) : ruleAndFix(event);
  const both = event.outcome === 'respelled' && Array.isArray(got) ? got : undefined;
  return { at: placeOf(event), got: both?.map((one) => shown(one, mostShown)).join(' and ') ?? shown(got, mostShown), rule, fix };
}

/** Whether labels, or all arguments of `inc` or `dec`, are where the value belongs. A callback may set an object as its value. */
function isArguments({ metric, ...event }: AdmitEvent, got: unknown): boolean {
  return 'reason' in event && event.reason === 'value' && typeof got === 'object' && got !== null && metric?.observed !== true;
}

function argumentsRule(kind: Kind | undefined): readonly [rule: string, fix: string] {
  const method = kind === 'histogram' || kind === 'summary' ? 'record' : 'add';
  const gauge = kind === 'gauge' ? 'set(value, labels) or ' : '';
  return ['the value comes before the labels, and inc and dec take no value', `call ${gauge}${method}(value, labels)`];
}

function ruleAndFix(event: AdmitEvent): readonly [rule: string, fix: string] {
  const { metric } = event;
  const declared = 'label' in event && event.label !== undefined ? metric?.labels[event.label] : undefined;
  const limits = declared === undefined || declared.kind === 'closed' ? undefined : declared;
  switch (event.outcome) {
    case 'closed':
      return ['a closed bridge records nothing', 'record before'];
    case 'refused':
      return refusalRule(event.reason, metric?.kind ?? 'metric', limits);
    case 'folded':
      return [
        limits === undefined
          ? 'it has reached its limit'
          : `it has reached its limit of ${limits.limit} values, the rest is added up as ${limits.other}`,
        fullLabelFix(limits?.kind),
      ];
    case 'shortened':
      return [
        `a value longer than its limit${limits === undefined ? '' : ` (${limits.maxBytes} bytes of UTF-8)`} is recorded as its beginning and a hash`,
        'record a shorter one, or raise maxBytes in the contract',
      ];
    case 'dropped':
      return [
        `the metric has the labels ${Object.keys(metric?.labels ?? {}).join(', ') || '(none)'}`,
        'declare it in the contract, or leave it out',
      ];
    case 'respelled':
      return [
        'labels have neither types nor empty values, so the values of both add up, and of a gauge the newest is shown',
        'give an attribute values of one type, and leave it out where it is empty',
      ];
  }
}

function refusalRule(reason: Refusal, kind: string, limits: Limits | undefined): readonly [rule: string, fix: string] {
  switch (reason) {
    case 'value':
      return [`a ${kind} cannot have this value`, 'pass a number that it can have'];
    case 'label_missing':
      return ['every label of the contract has a value', 'pass all labels'];
    case 'label_type':
      return ['the value of a label is a string', 'pass strings'];
    case 'label_value':
      return ['the value of the label is not among those of the contract', 'add it to the contract, or correct it'];
    case 'identity_limit':
      return [`the label has ${limits?.limit ?? 'all'} values, which is its limit`, fullLabelFix(limits?.kind)];
    case 'no_room':
      return [
        'the label values of this metric have reached their limit in bytes',
        'record fewer or shorter label values, or remove what is gone',
      ];
    case 'kind':
      return ['this kind of metric has no such method, or the callback belongs to another metric', 'use the method of its kind'];
    case 'removed':
      return ['a binding ends when its series is removed', 'bind again'];
  }
}
