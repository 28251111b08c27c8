/** What crewshipd must say, typed from its metrics page; only the HELP texts are ours. */
import type { CrewshipdProbes } from '../../../instrumentation/crewshipd/index.ts';
import { testGolden } from '../golden.ts';
import { host } from './host.ts';
import { now } from './probes.ts';

const cases: [name: string, file: string, changes: Partial<CrewshipdProbes>][] = [
  ['a daemon at work', 'busy', {}],
  [
    'a new daemon: zeros where the values are known, an empty ledger is HELP and TYPE only',
    'new',
    {
      database: () => ({ assignments: [], queues: [], pipelineRuns: [], runEvents: [], providers: [] }),
      containers: () => ({ tracked: 0, reporting: 0 }),
      wsConnections: () => 0,
      credentialAuditDropped: () => 0,
      process: () => ({ goroutines: 4, memoryAlloc: 1_048_576, memorySys: 2_097_152, gcRuns: 0 }),
      startedAt: now + 5_000, // a clock that was set back
    },
  ],
];
testGolden(
  'crewshipd',
  'text',
  cases.map(([name, file, changes]) => [name, file, (t) => host(t, changes).scrape]),
);
