/** A dashboard of any contract: a row for each group of families, and panels by kind and unit. */
import { createHash } from 'node:crypto';
import type { Contract, Metric } from '../../../core/contract/index.ts';
import { anySample, parameterLabels } from '../samples.ts';
import type { Dashboard, LabelVariable } from './dashboard.ts';
import { chosenInstance, chosenJob, panelsOf } from './metric-panels.ts';
import { capitalised, groupsOf } from './words.ts';

/** Grafana's limit for a uid. */
const MOST_UID_CHARACTERS = 40;
const PROGRAM = 'meterbridge';
const HASH_DIGITS = 8;

export interface ContractDashboardOptions {
  /** Default: the contract's name. */
  readonly title?: string;
  /** Letters, digits, `-` and `_`, at most 40. Default: `meterbridge-` and the contract's name. */
  readonly uid?: string;
  /** What instruments begin with, left out of titles. Default: the contract's name. */
  readonly prefixes?: readonly string[];
}

export function contractDashboard(contract: Contract, options: ContractDashboardOptions = {}): Dashboard {
  const { title, uid, prefixes = [contract.name] } = options;
  return {
    uid: uid ?? uidOf(contract.name),
    title: title ?? contract.name,
    description: `The families of the contract ${contract.name}. Written by meterbridge dashboards; save a copy to change it.`,
    tags: [...new Set([contract.name, 'meterbridge'])],
    span: '6h',
    variables: variablesOf(contract),
    panels: groupsOf(contract, prefixes).flatMap(({ title: row, metrics }) => [
      { type: 'row' as const, title: row },
      ...metrics.flatMap((metric) => panelsOf(metric, prefixes)),
    ]),
  };
}

/** The same for the same name; a name that is too long ends with a hash. */
function uidOf(name: string): string {
  const legal = name.replace(/[^a-zA-Z0-9-]/g, '-');
  const whole = legal.startsWith(PROGRAM) ? legal : `${PROGRAM}-${legal}`;
  if (whole.length <= MOST_UID_CHARACTERS) return whole;
  const hash = createHash('sha256').update(name).digest('hex').slice(0, HASH_DIGITS);
  return `${whole.slice(0, MOST_UID_CHARACTERS - HASH_DIGITS - 1)}-${hash}`;
}

/** Offered are the targets that have the most certain of its families. */
function variablesOf({ metrics }: Contract): readonly LabelVariable[] {
  const certain = Object.values(metrics).toSorted((a, b) => certainty(b) - certainty(a));
  const [first] = certain;
  if (first === undefined) return [];
  const parameters = new Set(certain.flatMap(parameterLabels));
  const variables: LabelVariable[] = [
    { label: 'job', title: 'Job', of: anySample(first) },
    { label: 'instance', title: 'Instance', of: anySample(first, [chosenJob]) },
  ];
  for (const label of parameters) {
    const having = certain.find((metric) => parameterLabels(metric).includes(label)) ?? first;
    variables.push({ label, title: capitalised(label.replaceAll('_', ' ')), of: anySample(having, [chosenJob, chosenInstance]) });
  }
  return variables;
}

/** A family that starts at 0 is there from the first scrape; one with open labels may never be. */
function certainty({ zeroFilled, labels, deprecated }: Metric): number {
  if (deprecated !== undefined) return 0;
  if (zeroFilled) return 3;
  return Object.keys(labels).length === 0 ? 2 : 1;
}
