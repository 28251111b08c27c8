/** The log lines of events: each change once, however often it happens. */
import type { Omitted } from '../exposition/write/rendering.ts';
import type { AdmitEvent, CollectEvent } from '../recording/index.ts';
import { refusalLine } from './refusal-line.ts';

export type Log = (line: string) => void;

type Remark = Extract<AdmitEvent, { readonly label: string; readonly outcome: 'folded' | 'shortened' }>;

/** A refusal once per metric and reason, and another remark once per label: a flood logs one line and builds no further strings. */
export function logAdmissions(log: Log): (event: AdmitEvent) => void {
  /** A label's remark is the same event object each time. */
  const remarks = new Set<AdmitEvent>();
  const refusals = new WeakMap<object, Set<string>>();
  let foreign = false;

  function refused(event: Extract<AdmitEvent, { outcome: 'refused' }>): void {
    const reasons = refusals.get(event.metric) ?? new Set();
    if (reasons.has(event.reason)) return;
    refusals.set(event.metric, reasons.add(event.reason));
    log(refusalLine(event));
  }

  return (event) => {
    if (event.outcome === 'refused') refused(event);
    else if (event.outcome === 'shortened' && event.metric === undefined) {
      if (foreign) return;
      foreign = true;
      log(`instruments outside the contracts: an attribute${longValue}. Fix: record a shorter one (${JSON.stringify(event.label)})`);
    } else if (event.outcome === 'shortened' || (event.outcome === 'folded' && event.reason !== 'overflow')) {
      if (remarks.has(event)) return;
      remarks.add(event);
      log(remarkOf(event));
    }
  };
}

/** A change of the outcome, for each group of families. */
export function logCollections(log: Log): (event: CollectEvent) => void {
  const outcomes = new Map<string, CollectEvent['outcome']>();
  return (event) => {
    const families = event.families.join(', ');
    const before = outcomes.get(families) ?? 'success';
    outcomes.set(families, event.outcome);
    if (before === event.outcome) return;
    if (event.outcome === 'success') log(`${families}: collected again`);
    else log(`${families}: collection ${event.outcome}${reason(event.error)}; the last good values are served until they are too old`);
  };
}

/** A change of the errors of instruments outside the contracts. */
export function logForeign(log: Log): (errors: readonly unknown[]) => void {
  let last = '';
  return (errors) => {
    const before = last;
    last = errors.map(textOf).join('; ');
    if (before === last) return;
    if (last === '') log('instruments outside the contracts: collected again');
    else log(`instruments outside the contracts: collection failed (${last})`);
  };
}

export function logOmissions(log: Log): (omitted: Omitted) => void {
  const logged = new Set<string>();
  return ({ family, reason }) => {
    const key = `${reason} ${family}`;
    if (logged.has(key)) return;
    logged.add(key);
    log(`${family}: ${omissions[reason]}`);
  };
}

const longValue = ' has a value longer than its limit, which is recorded as its beginning and a hash';

function remarkOf({ outcome, metric, label }: Remark): string {
  const place = `${metric?.series}{${label}}`;
  const declared = metric?.labels[label];
  const limits = declared === undefined || declared.kind === 'closed' ? undefined : declared;
  if (outcome === 'shortened') {
    return `${place}: it${longValue} (${limits?.maxBytes} bytes of UTF-8). Fix: record a shorter one, or raise maxBytes in the contract`;
  }
  const rest = limits === undefined ? '' : ` of ${limits.limit} values, the rest is added up as ${limits.other}`;
  return `${place}: it has reached its limit${rest}. Fix: raise the limit in the contract, or remove what is gone`;
}

const omissions: Readonly<Record<Omitted['reason'], string>> = {
  name: 'a scrape leaves it out, because another instrument comes out under this name, or nothing legal remains of it. Fix: rename it; a push carries it',
  size: 'a scrape leaves it out, because the answer would be larger than its limit. Fix: bound its labels, or raise scrape.maxBytes; a push carries it',
  metadata:
    'instruments of several scopes come out under this name, and their help or unit differs; a scrape shows the first. Fix: describe them alike',
};

function reason(error: unknown): string {
  return error === undefined ? '' : ` (${textOf(error)})`;
}

/** One line for any thrown value. */
function textOf(error: unknown): string {
  try {
    return String(error instanceof Error ? error.message : error).replace(/\s+/g, ' ');
  } catch {
    return 'a value that cannot be shown as a string';
  }
}
