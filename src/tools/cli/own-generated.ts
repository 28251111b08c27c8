/** The dashboards and rules of what Meterbridge itself shows, for the commands and for `deploy/`. */
import {
  alertPrefix,
  type ContractRules,
  type ContractRulesOptions,
  contractDashboard,
  contractRules,
  type Dashboard,
  rulesOf,
  selfAlerts,
  serveAlerts,
} from '../generate/index.ts';
import type { OwnContract } from './own-contracts.ts';

/** The job of `deploy/prometheus/serve.yml`. */
const SERVE_JOB = 'meterbridge';

export function ownDashboard(
  { contract, title, prefixes }: OwnContract,
  options: { title?: string; uid?: string } = {},
): Dashboard {
  return contractDashboard(contract, { title, ...(prefixes !== undefined && { prefixes }), ...options });
}

/** @param name as on the command line */
export function ownRules(name: string, { contract }: OwnContract, given: ContractRulesOptions = {}): ContractRules {
  const options = name === 'serve' ? { job: SERVE_JOB, ...given } : given;
  const prefix = alertPrefix(contract.name);
  const { alerts } = contractRules(contract, options);
  if (name === 'meterbridge') return rulesOf(contract, [...alerts, ...selfAlerts(prefix, options.job, contract.maxAgeMs)]);
  if (name === 'serve') return rulesOf(contract, [...alerts, ...serveAlerts(prefix, options.job, contract)]);
  return rulesOf(contract, alerts);
}
