/** Expressions over a real Prometheus: what they find in the old daemon's samples, the rewritten ones find in the new one's. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { random } from './random.ts';
import { expressionOf } from './rewritten/generator.ts';
import { prove, said, serversFor } from './rewritten/proof.ts';
import { written } from './rewritten/written.ts';

/** Another one with METERBRIDGE_SEED; `rewritten-expressions.long.ts` takes another one each time. */
const seed = Number(process.env.METERBRIDGE_SEED ?? 28);

test('an expression that is rewritten, or need not be, finds in the new samples what it found in the old ones', async (t) => {
  const servers = await serversFor(t);
  if (servers === undefined) return;
  await t.test('expressions of dashboards and rules', async (t) => {
    const counts = await prove(servers, written);
    t.diagnostic(said(counts));
    assert.equal(counts.refused, 0);
    assert.ok(counts.rewritten >= 40);
    assert.ok(counts.needed >= 45);
  });
  await t.test('random expressions', async (t) => {
    const draw = random(seed);
    t.diagnostic(`METERBRIDGE_SEED=${seed}`);
    const counts = await prove(
      servers,
      Array.from({ length: 600 }, () => expressionOf(draw, draw.between(0, 3))),
    );
    t.diagnostic(said(counts));
    const equal = counts.unchanged + counts.rewritten;
    assert.ok(equal > counts.expressions / 2, 'most are rewritten');
    assert.ok(counts.empty < equal / 4, 'most find something');
    assert.ok(counts.needed > counts.rewritten * 0.8, 'most would find something else as they were');
  });
});
