/**
 * What a page is made from: each function answers for one `/api/` address. A part that is absent is 404, and not in
 * `Status.parts`.
 */
import type {
  Config,
  Extensions,
  Family,
  Features,
  Graph,
  Labels,
  Part,
  Producers,
  Refusals,
  Scrapers,
  Series,
  Status,
  Tick,
} from './model/index.ts';

export interface StatusSource {
  /** Without `parts`: what is answered is known here. */
  status(): Omit<Status, 'parts'>;
  tick(): Tick;
  graph(): Graph;
  readonly producers?: (all: boolean) => Producers;
  readonly scrapers?: () => Scrapers;
  readonly series?: (by: 'series' | 'churn') => Promise<Series>;
  readonly labels?: () => Promise<Labels>;
  /** Undefined: there is no such family. */
  readonly family?: (store: string, name: string) => Promise<Family | undefined>;
  readonly refusals?: () => Refusals;
  readonly config?: () => Config;
  readonly extensions?: () => Extensions;
  readonly features?: () => Features;
  /** A page is open; the returned function says that it is not any more. */
  watched?(): () => void;
}

export const partNames: readonly Part[] = [
  'graph',
  'producers',
  'scrapers',
  'series',
  'labels',
  'family',
  'refusals',
  'config',
  'extensions',
  'features',
];
