/** The content types of pages, and where the two differ. */
import type { Differs } from './answers.ts';
import type { ExporterName } from './twin.ts';

export interface ScrapeCase {
  readonly accept: string;
  /** Default: one whose names are UTF-8. */
  readonly exporter?: ExporterName;
  readonly differs?: Differs<{ readonly type: string }>;
}

const versions = (escaping: string) => ({
  heading: 'Text 1.0.0',
  norm: 'ours',
  collector: { type: `text/plain; version=0.0.4; charset=utf-8; escaping=${escaping}` },
  service: { type: `text/plain; version=1.0.0; charset=utf-8; escaping=${escaping}` },
});

const unnamed = (type: string) => ({
  heading: 'Expositions whose names need no escaping',
  norm: 'ours',
  collector: { type: `${type}; escaping=underscores` },
  service: { type },
});

export const scrapeCases: Readonly<Record<string, ScrapeCase>> = {
  'no preference, of names without UTF-8': {
    exporter: 'plain',
    accept: '*/*',
    differs: unnamed('text/plain; version=0.0.4; charset=utf-8'),
  },
  'OpenMetrics, of names without UTF-8': {
    exporter: 'plain',
    accept: 'application/openmetrics-text;version=1.0.0',
    differs: unnamed('application/openmetrics-text; version=1.0.0; charset=utf-8'),
  },
  'Prometheus 3.14, of names without UTF-8': {
    exporter: 'plain',
    accept: 'application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.6,text/plain;version=0.0.4;q=0.3,*/*;q=0.2',
  },
  'no preference': { accept: '*/*' },
  'Prometheus 2.42': {
    accept:
      'application/openmetrics-text;version=1.0.0,application/openmetrics-text;version=0.0.1;q=0.75,text/plain;version=0.0.4;q=0.5,*/*;q=0.1',
  },
  'Prometheus 3.14': {
    accept:
      'application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.6,application/openmetrics-text;version=0.0.1;q=0.5,text/plain;version=1.0.0;escaping=allow-utf-8;q=0.4,text/plain;version=0.0.4;q=0.3,*/*;q=0.2',
  },
  'Prometheus 3.14, text alone': {
    accept: 'text/plain;version=1.0.0;escaping=allow-utf-8;q=0.6,text/plain;version=0.0.4;q=0.5,*/*;q=0.4',
    differs: versions('allow-utf-8'),
  },
  'Prometheus 3.14 that wants underscores': {
    accept: 'application/openmetrics-text;version=1.0.0;escaping=underscores;q=0.6,text/plain;version=0.0.4;q=0.5,*/*;q=0.4',
  },
  'an old version of OpenMetrics': { accept: 'application/openmetrics-text;version=0.0.1;escaping=allow-utf-8' },
  'text 0.0.4': { accept: 'text/plain;version=0.0.4;escaping=allow-utf-8' },
  'text 1.0.0': { accept: 'text/plain;version=1.0.0;escaping=values', differs: versions('values') },
  dots: { accept: 'text/plain;escaping=dots' },
  values: { accept: 'application/openmetrics-text;version=1.0.0;escaping=values' },
  'an escaping that there is not': { accept: 'text/plain;version=0.0.4;escaping=nope' },
};

/** For docs/collector-differences.md. */
/** Of `name[]` in the query: `filter.test.ts` asks both. */
export const filterDifferences = [
  { heading: '`name[]` with an escaped name', norm: 'ours' },
  { heading: 'More `name[]` than are allowed', norm: 'ours' },
] as const;

export const scrapeDifferences = Object.values(scrapeCases).flatMap(({ differs }) => differs ?? []);
