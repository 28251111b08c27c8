/**
 * Lists all problems of a resolved contract, in the order of its declaration. A contract may accept only findings of `lint.ts`.
 */
import type { Problem } from '../errors/error.ts';
import { shown } from '../errors/shown.ts';
import { collisions, type Family } from '../naming/index.ts';
import { labelProblems } from './label-rules.ts';
import { lintIds } from './lint.ts';
import type { Contract, Metric } from './metric.ts';
import { metricRules } from './metric-rules.ts';
import { combinationProblems } from './size-rules.ts';

const NAME = /^[a-zA-Z][a-zA-Z0-9_]*$/;

/**
 * @param at how messages call the contract; by default its name
 * @param isForeign whether a metric comes from a foreign endpoint; only a contract read from JSON has such metrics
 */
export function validate(
  contract: Contract,
  at = contract.name,
  isForeign: (metric: Metric) => boolean = () => false,
): Problem[] {
  const problems = headProblems(contract, at);
  for (const [key, metric] of Object.entries(contract.metrics)) {
    const location = `${at}.metrics.${key}`;
    if (!NAME.test(key)) {
      const rule = 'a key has letters, digits and underscores and begins with a letter';
      problems.push({ at: location, got: shown(key), rule, fix: 'rename the key' });
    }
    const foreign = isForeign(metric);
    for (const rule of metricRules) problems.push(...rule(metric, location, foreign));
    problems.push(...labelProblems(metric, location, foreign));
  }
  return [
    ...problems,
    ...collisionProblems(contract, at),
    ...instrumentProblems(contract, at),
    ...acceptsProblems(contract, at),
    ...combinationProblems(contract, at, isForeign),
  ];
}

function headProblems(contract: Contract, at: string): Problem[] {
  const problems: Problem[] = [];
  if (typeof contract.name !== 'string' || !NAME.test(contract.name)) {
    const rule = 'a contract name has letters, digits and underscores and begins with a letter';
    problems.push({ at: 'contract.name', got: shown(contract.name), rule, fix: 'name it after the program, e.g. `runwisp`' });
  }
  if (contract.defaultFormat !== 'text' && contract.defaultFormat !== 'openmetrics') {
    const rule = 'the default format is `text` or `openmetrics`';
    problems.push({ at: `${at}.defaultFormat`, got: shown(contract.defaultFormat), rule, fix: 'use one of the two' });
  }
  if (typeof contract.maxAgeMs !== 'number' || !(contract.maxAgeMs >= 0)) {
    const rule = 'an age is a number of milliseconds of at least 0';
    problems.push({ at: `${at}.maxAgeMs`, got: shown(contract.maxAgeMs), rule, fix: 'give e.g. 60000' });
  }
  return problems;
}

/** OpenMetrics forbids two families to share a sample name; two equal series are the simplest case. */
function collisionProblems(contract: Contract, at: string): Problem[] {
  return collisions(families(contract)).map(({ sample, between: [first, second] }) => ({
    at: `${at}.metrics.${second}`,
    got: shown(contract.metrics[second]?.series),
    rule: `a sample name belongs to one family, and ${at}.metrics.${first} brings out ${shown(sample)} as well`,
    fix: 'rename one of the two',
  }));
}

/** One instrument name with two units or kinds: an SDK would only log a warning and export both. */
function instrumentProblems(contract: Contract, at: string): Problem[] {
  const problems: Problem[] = [];
  const declared = new Map<string, Family>();
  for (const family of families(contract)) {
    const instrument = contract.metrics[family.name]?.instrument ?? '';
    const twin = declared.get(instrument);
    declared.set(instrument, family);
    // Already reported as a collision
    if (twin === undefined || collisions([twin, family]).length > 0) continue;
    const rule = `an instrument is declared once, and ${at}.metrics.${twin.name} has that name already`;
    problems.push({ at: `${at}.metrics.${family.name}.instrument`, got: shown(instrument), rule, fix: 'rename one of the two' });
  }
  return problems;
}

/** A counter that is exposed verbatim has no other name. */
function families(contract: Contract): readonly Family[] {
  return Object.entries(contract.metrics).map(([name, { series, kind, verbatim }]) => {
    return { name, series, kind: verbatim === true && kind === 'counter' ? 'unknown' : kind };
  });
}

function acceptsProblems(contract: Contract, contractAt: string): Problem[] {
  const problems: Problem[] = [];
  const series = new Set(Object.values(contract.metrics).map((metric) => metric.series));
  for (const [name, ids] of Object.entries(contract.accepts)) {
    const at = `${contractAt}.accepts.${name}`;
    if (!series.has(name)) {
      problems.push({
        at,
        got: shown(name),
        rule: 'what is accepted belongs to a series of the contract',
        fix: 'correct the name',
      });
    }
    for (const id of ids) {
      if (lintIds.includes(id)) continue;
      problems.push({ at, got: shown(id), rule: `a finding has one of the ids ${lintIds.join(', ')}`, fix: 'correct the id' });
    }
  }
  return problems;
}
