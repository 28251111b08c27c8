import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { readTree } from '../../../../src/config/read-tree.ts';
import { withoutPackages } from '../../../node/without-packages.ts';

test('without undici, a configuration with otlp_http is wrong, and says what to install', async (t) => {
  const { folder, remove } = withoutPackages();
  t.after(remove);
  const { otlpHttpSchema }: typeof import('../../../../src/collector/exporters/otlp-http/config.ts') = await import(
    join(folder, 'src/collector/exporters/otlp-http/config.ts')
  );
  const { tree } = readTree('f', 'endpoint: http://127.0.0.1:4318', 'collector');
  const findings = { problems: [], warnings: [] };
  otlpHttpSchema.read({ tree, keys: 'exporters.otlp_http' }, findings);
  const [{ rule, fix } = { rule: '', fix: '' }] = findings.problems as { rule: string; fix: string }[];
  assert.equal(rule, 'this needs an optional dependency, which is not installed: undici');
  assert.match(fix, /^run: npm install undici@\^7\.\d+\.\d+$/);
});
