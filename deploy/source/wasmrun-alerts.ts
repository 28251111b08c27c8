/** The four alerts worth having on a wasmrun agent, each agent by itself. */
import { wasmrun } from '../../instrumentation/wasmrun/index.ts';
import { labels, labelValue, type RuleFile, series } from '../../src/tools/generate/index.ts';

const WINDOW = '10m';
/** What the rejections are compared with. */
const EARLIER = '1h';
/** Rejections a second and reason: one in ten seconds is noise. */
const REJECTED_AT_MOST = 0.1;
/** Times the rate of before that count as a rise. */
const RISE = 2;
/** Share of executions. */
const TIMEOUTS_AT_MOST = 0.1;
/** `--max-sessions` of the agent, whose default this is. No series shows it. */
const SESSION_LIMIT = 100;
/** Share of the limit. */
const SESSIONS_AT_MOST = 0.8;
const DISK_WINDOW = '1h';
/** Bytes more than at the start of the window: 1 GiB. */
const DISK_GROWTH_BYTES = 2 ** 30;

const { exec, execRejected, sessionsActive, sessionsDisk } = wasmrun.metrics;

const rejected = `rate(${series(execRejected)}[${WINDOW}])`;
const rejectedEarlier = `rate(${series(execRejected)}[${WINDOW}] offset ${EARLIER})`;
const executions = (which: string) => `sum without ${labels(exec, 'result')} (rate(${which}[${WINDOW}]))`;

export const wasmrunAlerts: RuleFile = {
  comment: 'The wasmrun agent. Generated (npm run generate); copy it and change your copy.',
  group: 'wasmrun',
  alerts: [
    {
      name: 'WasmrunRejectionsRise',
      // An agent that was not there an hour ago has nothing to compare with, and is told too.
      expr: `${rejected} > ${REJECTED_AT_MOST}\nunless\n${rejected} <= ${RISE} * ${rejectedEarlier}`,
      for: '5m',
      severity: 'warning',
      summary: `{{ $labels.instance }} rejects more and more: ${labelValue(execRejected, 'reason')}`,
      description: `{{ $value | printf "%.2f" }} requests a second are rejected, more than ${RISE} times as many as ${EARLIER} before; the threshold is ${REJECTED_AT_MOST}.`,
    },
    {
      name: 'WasmrunExecutionsTimeOut',
      // Divided by what is above 0 only: without executions there is no share.
      expr: `${executions(series(exec, { result: 'timeout' }))}\n/\n(${executions(series(exec))} > 0)\n> ${TIMEOUTS_AT_MOST}`,
      for: '5m',
      severity: 'warning',
      summary: '{{ $value | humanizePercentage }} of the executions of {{ $labels.instance }} time out',
      description: `Over ${WINDOW}; the threshold is ${TIMEOUTS_AT_MOST}.`,
    },
    {
      name: 'WasmrunSessionsNearLimit',
      comment: `EDIT: ${SESSION_LIMIT} is the agent's default for --max-sessions. No series shows the limit: put yours here.`,
      expr: `${series(sessionsActive)} > ${SESSIONS_AT_MOST} * ${SESSION_LIMIT}`,
      for: '5m',
      severity: 'warning',
      summary: '{{ $labels.instance }} is about to run out of sessions',
      description: `{{ $value }} sessions are active, more than ${SESSIONS_AT_MOST} of the limit. Beyond it a new session is refused.`,
    },
    {
      name: 'WasmrunDiskGrows',
      expr: `delta(${series(sessionsDisk)}[${DISK_WINDOW}]) > ${DISK_GROWTH_BYTES}`,
      for: '15m',
      severity: 'warning',
      summary: 'The sessions of {{ $labels.instance }} fill its disk',
      description: `They have {{ $value | humanize1024 }}B more on disk than ${DISK_WINDOW} before; the threshold is 1 GiB.`,
    },
  ],
};
