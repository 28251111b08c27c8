/** A contract says itself how its metrics are recorded, so that a view may not select any of them. */
import type { Contract } from '../../../core/contract/metric.ts';
import { MeterbridgeError, type Problem } from '../../../core/errors/error.ts';
import { selects } from './selection.ts';
import type { ViewOptions } from './view-options.ts';

/** @throws OPTION_INVALID naming each view that selects an instrument of the contract */
export function checkViewsBeside({ name, metrics }: Contract, views: readonly ViewOptions[]): void {
  const instruments = Object.values(metrics).map((metric) => ({ ...metric, name: metric.instrument }));
  const problems = views.flatMap((view, at): Problem[] => {
    const selected = instruments.find((instrument) => selects(view, { name }, instrument));
    if (selected === undefined) return [];
    const got = `a view that selects ${selected.name} of the contract ${name}`;
    const rule = 'a view changes instruments that no contract names';
    return [{ at: `options.views[${at}]`, got, rule, fix: "change the contract, or select by the library's meterName" }];
  });
  if (problems.length > 0) throw new MeterbridgeError('OPTION_INVALID', problems);
}
