/** The dashboards and rules of what Meterbridge itself shows, as the command line writes them. */

import { ownContract, ownNames } from '../../src/tools/cli/own-contracts.ts';
import { ownDashboard, ownRules } from '../../src/tools/cli/own-generated.ts';
import { compactDashboard, ruleFile } from '../../src/tools/generate/index.ts';

const written = await Promise.all(
  ownNames.map(async (name) => {
    const own = await ownContract(name);
    if (own === undefined) throw new Error(`${name} is in ownNames and has no contract`);
    return [
      [`grafana/meterbridge/${name}-dashboard.json`, compactDashboard(ownDashboard(own))],
      [`prometheus/meterbridge/${name}.rules.yaml`, ruleFile(ownRules(name, own))],
    ] as const;
  }),
);

/** Path below `deploy/` → text. */
export const ownFiles: Readonly<Record<string, string>> = Object.freeze(Object.fromEntries(written.flat()));
