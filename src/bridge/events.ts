/** Handles the events of sources and readers: adds them up for the self-metrics, and logs each change once. */
import type { Refused } from '../access/guarded.ts';
import type { Omitted } from '../exposition/write/rendering.ts';
import type { AdmitEvent, CollectEvent } from '../recording/index.ts';
import { addTime, countOne, createTally, type Tally } from '../self/tally.ts';
import { refusalLine } from './refusal-line.ts';

export interface Events {
  readonly tally: Tally;
  onAdmit(event: AdmitEvent): void;
  onCollect(event: CollectEvent): void;
  onScrape(event: { readonly outcome: string; readonly seconds: number; readonly omitted?: readonly Omitted[] }): void;
  onRefused(event: Pick<Refused, 'reason' | 'count'>): void;
  onPush(event: { readonly outcome: string; readonly seconds: number }): void;
  /** Receives the errors of instruments outside the contracts after each collection; empty on success. */
  onForeign(errors: readonly unknown[]): void;
}

type Remark = Extract<AdmitEvent, { readonly label: string; readonly outcome: 'folded' | 'shortened' }>;

/** `log` must not throw, because a recording call must never throw. */
export function createEvents(log: (line: string) => void): Events {
  let foreign = '';
  const tally = createTally();
  /** A label's remark is the same event object each time. */
  const logged = new Set<AdmitEvent>();
  const loggedRefusals = new WeakMap<object, Set<string>>();
  let foreignLogged = false;
  const loggedOmissions = new Set<string>();
  const outcomes = new Map<string, CollectEvent['outcome']>();

  /** Once per metric and reason: a flood of refusals logs one line and builds no further strings. */
  function logRefusal(event: Extract<AdmitEvent, { outcome: 'refused' }>): void {
    const logged = loggedRefusals.get(event.metric) ?? new Set();
    if (logged.has(event.reason)) return;
    loggedRefusals.set(event.metric, logged.add(event.reason));
    log(refusalLine(event));
  }

  return {
    tally,
    onAdmit(event) {
      if (event.outcome === 'dropped') tally.attributesDropped += 1;
      else if (event.outcome === 'shortened') tally.labelsShortened += 1;
      else if (event.outcome === 'folded') tally.folded[event.reason] += 1;
      else countOne(tally.refused, event.reason);
      if (event.outcome === 'refused') logRefusal(event);
      else if (event.outcome === 'shortened' && event.metric === undefined) {
        if (foreignLogged) return;
        foreignLogged = true;
        log(`instruments outside the contracts: an attribute${longValue}. Fix: record a shorter one (${JSON.stringify(event.label)})`);
      } else if (event.outcome === 'shortened' || (event.outcome === 'folded' && event.reason !== 'overflow')) {
        if (logged.has(event)) return;
        logged.add(event);
        log(remarkOf(event));
      }
    },
    onCollect(event) {
      countOne(tally.collections, event.outcome);
      addTime(tally.collectionDuration, event.seconds);
      const families = event.families.join(', ');
      const before = outcomes.get(families) ?? 'success';
      outcomes.set(families, event.outcome);
      if (before === event.outcome) return;
      if (event.outcome === 'success') log(`${families}: collected again`);
      else log(`${families}: collection ${event.outcome}${reason(event.error)}; the last good values are served until they are too old`);
    },
    onScrape(event) {
      countOne(tally.scrapes, event.outcome);
      addTime(tally.scrapeDuration, event.seconds);
      for (const { family, reason } of event.omitted ?? []) {
        if (reason !== 'metadata') countOne(tally.omitted, reason);
        const key = `${reason} ${family}`;
        if (loggedOmissions.has(key)) continue;
        loggedOmissions.add(key);
        log(`${family}: ${omissions[reason]}`);
      }
    },
    onRefused: ({ reason, count }) => countOne(tally.requestsRefused, reason, count),
    onPush(event) {
      countOne(tally.pushes, event.outcome);
      addTime(tally.pushDuration, event.seconds);
    },
    onForeign(errors) {
      const before = foreign;
      foreign = errors.map(textOf).join('; ');
      if (before === foreign) return;
      if (foreign === '') log('instruments outside the contracts: collected again');
      else log(`instruments outside the contracts: collection failed (${foreign})`);
    },
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
