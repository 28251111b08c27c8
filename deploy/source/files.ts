/** Every file of `deploy/` that is made from a contract: path below `deploy/` → text. */
import { dashboard, ruleFile } from '../../src/tools/generate/index.ts';
import { crewshipdAlerts } from './crewshipd-alerts.ts';
import { resticManagerDashboard } from './restic-manager-dashboard.ts';
import { runwispAlerts } from './runwisp-alerts.ts';
import { wasmrunAlerts } from './wasmrun-alerts.ts';

export const files: Readonly<Record<string, string>> = Object.freeze({
  'prometheus/runwisp.rules.yaml': ruleFile(runwispAlerts),
  'prometheus/crewshipd.rules.yaml': ruleFile(crewshipdAlerts),
  'prometheus/wasmrun.rules.yaml': ruleFile(wasmrunAlerts),
  'grafana/restic-manager-dashboard.json': dashboard(resticManagerDashboard),
});
