/** The alerts that follow from what a contract says, each with what a test plays to it. */
import type { Contract } from '../../../core/contract/index.ts';
import { limitAlerts } from './limit-alerts.ts';
import type { PlayedAlert } from './play.ts';
import type { RuleFile } from './rule-file.ts';
import { contractSelfAlerts } from './self-alerts.ts';
import { familyAlerts, upAlerts } from './target-alerts.ts';

export interface ContractRulesOptions {
  /** The job of the targets. Default: every job, and no alert on targets or families that are absent. */
  readonly job?: string;
  /** Prometheus receives the metrics, so there is no `up`. Default false: it scrapes them. */
  readonly pushed?: boolean;
  /** Also alerts on `meterbridge_*`, which the program shows with `selfMetrics: true`. Default false. */
  readonly selfMetrics?: boolean;
}

export interface ContractRules extends RuleFile {
  readonly alerts: readonly PlayedAlert[];
}

export function contractRules(contract: Contract, options: ContractRulesOptions = {}): ContractRules {
  const { job, pushed = false, selfMetrics = false } = options;
  const prefix = alertPrefix(contract.name);
  const ofJob =
    job === undefined ? [] : [...(pushed ? [] : upAlerts(prefix, job)), ...familyAlerts(prefix, job, contract, pushed)];
  const self = selfMetrics ? contractSelfAlerts(prefix, job, contract.maxAgeMs) : [];
  return rulesOf(contract, [...ofJob, ...limitAlerts(prefix, job, contract), ...self]);
}

/** A rule file's content: the group is called as the contract. */
export function rulesOf({ name }: Contract, alerts: readonly PlayedAlert[]): ContractRules {
  return {
    comment: `What the contract ${name} says. Written by meterbridge rules; copy it and change your copy.`,
    group: name,
    alerts,
  };
}

/** `http_server` → `HttpServer`. */
export function alertPrefix(name: string): string {
  return name.replace(/(?:^|[^a-zA-Z0-9]+)([a-zA-Z0-9]?)/g, (_, first: string) => first.toUpperCase());
}
