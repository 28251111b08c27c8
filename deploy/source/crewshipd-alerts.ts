/** The alerts of crewshipd's document, and its three readings of a backlog. */
import { crewshipd } from '../../instrumentation/crewshipd/index.ts';
import { type Alert, type RuleFile, series } from '../../src/tools/generate/index.ts';

/** The document's window and share. */
const FAILURE_WINDOW = '10m';
const FAILED_AT_MOST = 0.2;
/** The document's window and sum, in US dollars. */
const SPEND_WINDOW = '1h';
const SPENT_AT_MOST_USD = 5;
/** "More than a couple of poll intervals" of the container stats. */
const SILENT_FOR = '5m';
/** A rolling upgrade takes its time. */
const UPGRADED_WITHIN = '30m';

/** Long enough for a burst to be worked off. */
const BACKLOG_WINDOW = '30m';
const BACKLOG_FOR = '10m';
/** Queued assignments, more than at the start of the window. */
const BACKLOG_GROWTH = 20;
/** Crews with a queue, more than at the start of the window. */
const SPREAD_GROWTH = 3;
/** Queued assignments of the worst crew, more than at the start of the window. */
const WORST_CREW_GROWTH = 10;

const { metrics } = crewshipd();

const failed = `sum(rate(${series(metrics.agentRunEvents, { event: 'failed' })}[${FAILURE_WINDOW}]))`;
const started = `sum(rate(${series(metrics.agentRunEvents, { event: 'started' })}[${FAILURE_WINDOW}]))`;
const migration = series(metrics.dbMigrationVersion);
const grownBy = (gauge: string) => `delta(${gauge}[${BACKLOG_WINDOW}])`;
const backlog = grownBy(series(metrics.assignmentQueueDepth));

const documented: readonly Alert[] = [
  {
    name: 'CrewshipdAgentRunsFail',
    // Divided by what is above 0 only: without a start there is no share.
    expr: `${failed}\n/\n(${started} > 0)\n> ${FAILED_AT_MOST}`,
    for: '5m',
    severity: 'critical',
    summary: '{{ $value | humanizePercentage }} of agent runs fail',
    description: `Failed against started agent runs of all hosts over ${FAILURE_WINDOW}; the threshold is ${FAILED_AT_MOST}.`,
  },
  {
    name: 'CrewshipdLlmSpendHigh',
    expr: `sum(increase(${series(metrics.llmCostUsd)}[${SPEND_WINDOW}])) > ${SPENT_AT_MOST_USD}`,
    severity: 'critical',
    summary: 'Language models cost {{ $value | printf "%.2f" }} USD within an hour',
    description: `Spent by all hosts on all providers over ${SPEND_WINDOW}; the threshold is ${SPENT_AT_MOST_USD} USD.`,
  },
  {
    name: 'CrewshipdContainersSilent',
    expr: `${series(metrics.containersTracked)} - ${series(metrics.containersReporting)} > 0`,
    for: SILENT_FOR,
    severity: 'warning',
    summary: '{{ $value }} containers of {{ $labels.instance }} do not report',
    description: `Crew containers that are tracked but have not answered with a sample for ${SILENT_FOR}.`,
  },
  {
    name: 'CrewshipdMigrationBehind',
    // The hosts of one job are a fleet: each that is behind its newest is an alert of its own.
    expr: `${migration}\n< on (job) group_left ()\nmax by (job) (${migration})`,
    for: UPGRADED_WITHIN,
    severity: 'warning',
    summary: '{{ $labels.instance }} has an older schema than its fleet',
    description: `Its highest migration is {{ $value | printf "%.0f" }}, and a host of the same job has had a newer one for ${UPGRADED_WITHIN}.`,
  },
];

const backlogReadings: readonly Alert[] = [
  {
    name: 'CrewshipdBacklogGrows',
    expr: `${backlog} > ${BACKLOG_GROWTH}`,
    for: BACKLOG_FOR,
    severity: 'warning',
    summary: 'The backlog of {{ $labels.instance }} grows',
    description: `{{ $value | printf "%.0f" }} more assignments wait, over all crews, than ${BACKLOG_WINDOW} before; the threshold is ${BACKLOG_GROWTH}.`,
  },
  {
    name: 'CrewshipdBacklogSpreads',
    expr: `${grownBy(series(metrics.assignmentQueueCrews))} > ${SPREAD_GROWTH}`,
    for: BACKLOG_FOR,
    severity: 'warning',
    summary: 'The backlog of {{ $labels.instance }} spreads over its crews',
    description: `{{ $value | printf "%.0f" }} more crews have a queue than ${BACKLOG_WINDOW} before; the threshold is ${SPREAD_GROWTH}.`,
  },
  {
    name: 'CrewshipdCrewWedged',
    expr: `${grownBy(series(metrics.assignmentQueueDepthMax))} > ${WORST_CREW_GROWTH}\nand\n${backlog} <= ${BACKLOG_GROWTH}`,
    for: BACKLOG_FOR,
    severity: 'warning',
    summary: 'A crew of {{ $labels.instance }} is wedged',
    description: `{{ $value | printf "%.0f" }} more assignments wait in the worst crew than ${BACKLOG_WINDOW} before (the threshold is ${WORST_CREW_GROWTH}), while the backlog of all crews is about as it was.`,
  },
];

export const crewshipdAlerts: RuleFile = {
  comment: `crewshipd: the alerts of its document, and the three readings of its backlog: how much waits, how widely, in the worst crew.
Generated (npm run generate); copy it and change your copy.`,
  group: 'crewshipd',
  alerts: [...documented, ...backlogReadings],
};
