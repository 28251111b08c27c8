/** Each expression over the old samples beside what became of it over the new ones. */
import assert from 'node:assert/strict';
import type { TestContext } from 'node:test';
import type { ContractDiff } from '../../../src/tools/check/diff/change.ts';
import { breakagesOf, type ReasonId, rewriteExpression } from '../../../src/tools/check/promql/index.ts';
import { shop } from '../../tools/check/promql/shop.ts';
import { requirePeer } from '../peers.ts';
import { differenceOf, type Servers, startServers } from './ask.ts';

export interface Counts {
  expressions: number;
  /** What Prometheus refuses over the old samples, such as a match of several series with several. */
  refused: number;
  /** As it is, without a breakage: equal over the new samples. */
  unchanged: number;
  /** Equal over the new samples. */
  rewritten: number;
  /** Of those rewritten: what they were finds something else over the new samples. */
  needed: number;
  /** Of those equal: nothing is found at all. */
  empty: number;
  notRewritable: number;
  readonly reasons: Map<ReasonId, number>;
}

/** Undefined: a peer is missing, and the test is marked so. */
export async function serversFor(t: TestContext): Promise<Servers | undefined> {
  const prometheus = requirePeer(t, 'prometheus3');
  const promtool = requirePeer(t, 'promtool');
  return prometheus === undefined || promtool === undefined ? undefined : startServers(t, prometheus, promtool);
}

export async function prove(servers: Servers, expressions: readonly string[], diff: ContractDiff = shop.diff): Promise<Counts> {
  const counts: Counts = {
    expressions: 0,
    refused: 0,
    unchanged: 0,
    rewritten: 0,
    needed: 0,
    empty: 0,
    notRewritable: 0,
    reasons: new Map(),
  };
  for (const expression of expressions) {
    counts.expressions += 1;
    await one(servers, expression, diff, counts);
  }
  return counts;
}

async function one(servers: Servers, expression: string, diff: ContractDiff, counts: Counts): Promise<void> {
  const rewriting = rewriteExpression(expression, diff);
  const { breakages } = breakagesOf(expression, diff) as { breakages: readonly unknown[] };
  assert.notEqual(rewriting.kind, 'unreadable', `${expression}: Prometheus reads it, and this does not`);
  assert.equal(breakages.length === 0, rewriting.kind === 'unchanged', `${expression}: what breaks is rewritten or has a reason`);
  if (rewriting.kind === 'not-rewritable') {
    counts.notRewritable += 1;
    for (const { id } of rewriting.reasons) counts.reasons.set(id, (counts.reasons.get(id) ?? 0) + 1);
    return;
  }
  const old = await servers.old(expression);
  if (old === undefined) {
    counts.refused += 1;
    return;
  }
  const text = rewriting.kind === 'rewritten' ? rewriting.text : expression;
  assert.notEqual(
    rewriteExpression(text, diff).kind,
    'rewritten',
    `${expression}\nbecame\n${text}\nand would be rewritten again`,
  );
  const difference = differenceOf(old, await servers.now(text));
  assert.equal(difference, undefined, `${expression}\nbecame\n${text}\nand finds something else: ${difference}`);
  if (old.size === 0) counts.empty += 1;
  if (rewriting.kind === 'unchanged') counts.unchanged += 1;
  else {
    counts.rewritten += 1;
    if (differenceOf(old, await servers.now(expression)) !== undefined) counts.needed += 1;
  }
}

export function said(counts: Counts): string {
  const reasons = [...counts.reasons].map(([id, count]) => `${id} ${count}`).join(', ');
  const { expressions, refused, unchanged, rewritten, needed, empty, notRewritable } = counts;
  return `${expressions} expressions: ${unchanged} unchanged and equal, ${rewritten} rewritten and equal (${needed} would not be as they were), ${empty} of both empty, ${notRewritable} not rewritable (${reasons}), ${refused} refused`;
}
