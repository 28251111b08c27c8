/**
 * Where the service may differ from the Collector, each with what both show. Whatever else differs is a mistake of the service.
 * Users read the same list in docs/collector-differences.md.
 */
import { httpDifferences } from './answers.ts';
import type { Difference } from './differences/difference.ts';
import { labelDifferences } from './differences/labels.ts';
import { nameDifferences } from './differences/names.ts';
import { requestDifferences } from './differences/requests.ts';
import { timeDifferences } from './differences/time.ts';
import { utf8Differences } from './differences/utf8.ts';
import { valueDifferences } from './differences/values.ts';
import { grpcDifferences } from './grpc-answers.ts';
import { guardDifferences } from './guards.ts';
import { filterDifferences, scrapeDifferences } from './scrapes.ts';
import { socketDifferences } from './sockets.ts';
import { spellingDifferences } from './spelling.ts';

export const differences = [
  ...requestDifferences,
  ...timeDifferences,
  ...valueDifferences,
  ...nameDifferences,
  ...labelDifferences,
  ...utf8Differences,
];

/** All of them, those of answers to requests too. */
export const listed: readonly Pick<Difference, 'heading' | 'norm'>[] = [
  ...differences,
  ...httpDifferences,
  ...grpcDifferences,
  ...guardDifferences,
  ...scrapeDifferences,
  ...filterDifferences,
  ...socketDifferences,
  ...spellingDifferences,
  // Of protobuf: test/conformance/protobuf-differences.test.ts holds both to them.
  ...['Native histograms', 'Starts in protobuf', 'Units in protobuf'].map((heading) => ({ heading, norm: 'ours' })),
  // expiry.test.ts holds both to it, since it waits for the series to expire.
  { heading: 'Deltas of a series that expired', norm: 'ours' },
  // test/formats/exposition/write/strict-openmetrics.test.ts holds the service to it.
  { heading: 'Sums and quantiles that strict parsers reject', norm: 'ours' },
  // No component of a Collector fails when it is told to: test/service/graph/failing.test.ts holds the service to it.
  { heading: 'An error of one exporter', norm: 'ours' },
];
