/** The alert of RunWisp's document. */
import { runwisp } from '../../instrumentation/runwisp/index.ts';
import { type RuleFile, series } from '../../src/tools/generate/index.ts';

/** How long one failure is told: the document's ten minutes. */
const TOLD_FOR_S = 600;

const { runsLastFailureTimestamp } = runwisp.metrics;

export const runwispAlerts: RuleFile = {
  comment: 'RunWisp: something failed. Generated (npm run generate); copy it and change your copy.',
  group: 'runwisp',
  alerts: [
    {
      name: 'RunWispRunFailed',
      // No `for`: one failure is worth an alert, and the alert ends by itself. Without a failure there is no series.
      expr: `time() - ${series(runsLastFailureTimestamp)} < ${TOLD_FOR_S}`,
      severity: 'warning',
      summary: 'A run failed on {{ $labels.instance }}',
      description: 'The latest failed run ended {{ $value | humanizeDuration }} ago. Missed runs do not count.',
    },
  ],
};
