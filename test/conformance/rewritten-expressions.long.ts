/** The random expressions of `rewritten-expressions.test.ts`, many of them, and others each time. */
import { test } from 'node:test';
import { repeated } from '../full.ts';
import { random } from './random.ts';
import { expressionOf } from './rewritten/generator.ts';
import { prove, said, serversFor } from './rewritten/proof.ts';

const rounds = repeated(20, 4, 20);

test('thousands of random expressions find in the new samples what they found in the old ones', async (t) => {
  const servers = await serversFor(t);
  if (servers === undefined) return;
  const draw = random();
  t.diagnostic(`METERBRIDGE_SEED=${draw.seed}`);
  for (let round = 0; round < rounds; round += 1) {
    const expressions = Array.from({ length: 1_000 }, () => expressionOf(draw, draw.between(0, 4)));
    t.diagnostic(said(await prove(servers, expressions)));
  }
});
