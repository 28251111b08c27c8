/** Everything that can be wrong is said at construction: place, value, rule and fix, all at once, and no secret. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { apiKeys, cidr, secret, secretFile, trustedProxies } from '../../../src/access.ts';
import { MeterbridgeError, type Problem } from '../../../src/core/errors/error.ts';
import { collectProblems } from '../../../src/host.ts';
import { assertLinear } from '../../linear.ts';

const folder = mkdtempSync(join(tmpdir(), 'meterbridge-'));
after(() => rmSync(folder, { recursive: true }));
function file(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

function problemsOf(make: () => unknown): readonly Problem[] {
  try {
    make();
  } catch (error) {
    assert.ok(error instanceof MeterbridgeError);
    assert.equal(error.code, 'ACCESS_CONFIG_INVALID');
    return error.problems;
  }
  return [];
}

for (const [entry, fix] of [
  ['10.0.0.1', 'write 10.0.0.1/32 if this one address is meant'],
  ['2001:db8::1', 'write 2001:db8::1/128 if this one address is meant'],
  ['::ffff:10.0.0.1', 'write ::ffff:10.0.0.1/128 if this one address is meant'],
  ['10.0.0.0/33', 'use /32 for one address'],
  ['2001:db8::/129', 'use /128 for one address'],
] as const) {
  test(`cidr ${entry}: ${fix}`, () => {
    const [problem, ...others] = problemsOf(() => cidr([entry], 'RM_METRICS_TRUSTED_CIDR'));
    assert.deepEqual(
      [problem?.at, problem?.got, problem?.fix, others],
      ['RM_METRICS_TRUSTED_CIDR', JSON.stringify(entry), fix, []],
    );
  });
}

for (const entry of [
  '',
  '/8',
  '10.0.0.0/',
  '10.0.0.0/8/8',
  '10.0.0.0/-1',
  '10.0.0.0/+8',
  '10.0.0.0/08',
  '10.0.0.0/8 ',
  '10.0.0/8',
]) {
  test(`no range: ${JSON.stringify(entry)}`, () => assert.equal(problemsOf(() => cidr([entry])).length, 1));
}
test('no range: a value that JSON cannot say', () => {
  for (const value of [1n, () => 1])
    for (const ranges of [value, [value]]) assert.equal(problemsOf(() => cidr(ranges as never)).length, 1);
  assert.equal(problemsOf(() => apiKeys([{ sha256: digest, tenant: 1n as never }])).length, 1);
});
for (const entry of ['010.0.0.0/8', 'localhost/8', 'fe80::1%eth0/64', '[::1]/128', '10.0.0.0/255.0.0.0', 8, null]) {
  test(`no range: ${JSON.stringify(entry)}`, () => assert.equal(problemsOf(() => cidr([entry as string])).length, 1));
}

test('all entries that are wrong are named', () => {
  const got = problemsOf(() => trustedProxies(['10.0.0.1', '10.0.0.0/8', 'x'], 'RM_TRUSTED_PROXY')).map((problem) => problem.got);
  assert.deepEqual(got, ['"10.0.0.1"', '"x"']);
});

test('an empty list of ranges lets nobody in, and is said; no proxies are none', () => {
  assert.equal(problemsOf(() => cidr([])).length, 1);
  assert.deepEqual(trustedProxies([]), { trusted: [] });
});

for (const [name, text] of [
  ['empty', ''],
  ['with a blank inside', 'two words'],
  ['with a line end', 'token\n'],
  ['with a control character', 'to\u0000ken'],
] as const) {
  test(`a secret ${name} is refused under its key`, () => {
    const [problem] = problemsOf(() => secret(text, 'CREWSHIP_METRICS_TOKEN'));
    assert.equal(problem?.at, 'CREWSHIP_METRICS_TOKEN');
    assert.equal(problem?.got, text === '' ? '""' : '[redacted]');
  });
}

for (const [name, path, is = ''] of [
  ['missing', join(folder, 'none'), ', a file that cannot be read (ENOENT)'],
  ['empty', file('empty', '')],
  ['only a line end', file('line-end', '\n')],
  ['two lines', file('two', 'hunter2\nhunter3\n')],
  ['a folder', folder, ', no regular file'],
  ['far too large', file('large', 'x'.repeat(70_000)), ', a file of 70000 bytes'],
  ['without a name', ''],
] as const) {
  test(`a secret's file that is ${name} is refused under its key`, () => {
    const [problem, ...others] = problemsOf(() => secretFile(path, 'RM_METRICS_TOKEN_FILE'));
    assert.deepEqual([problem?.at, problem?.got, others], ['RM_METRICS_TOKEN_FILE', `${JSON.stringify(path)}${is}`, []]);
    assert.doesNotMatch(JSON.stringify(problem), /hunter/);
  });
}

const digest = 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad';

test('keys: every digest and tenant that is none is named, and never shown', () => {
  const problems = problemsOf(() =>
    apiKeys(
      [
        { sha256: 'hunter2', tenant: 'a' },
        { sha256: digest.toUpperCase(), tenant: '' },
        { sha256: digest, tenant: 'line\nend' },
        { sha256: digest, tenant: 'b' },
        {} as never,
      ],
      'auth.keys',
    ),
  );
  assert.deepEqual(
    problems.map(({ at }) => at),
    [
      'auth.keys[0].sha256',
      'auth.keys[1].sha256',
      'auth.keys[1].tenant',
      'auth.keys[2].tenant',
      'auth.keys[3].sha256',
      'auth.keys[4].sha256',
      'auth.keys[4].tenant',
    ],
  );
  assert.match(problems[4]?.rule ?? '', /auth\.keys\[2\] is the same/);
  assert.doesNotMatch(JSON.stringify(problems), /hunter2|ba7816bf/i);
});

for (const [name, list] of [
  ['no key', []],
  ['no list', 'abc'],
] as const) {
  test(`keys: ${name} is refused`, () => assert.equal(problemsOf(() => apiKeys(list as never)).length, 1));
}

test('collectProblems gathers the problems of several parts, and lets other errors through', () => {
  const problems: Problem[] = [];
  assert.equal(
    collectProblems(problems, () => secret('', 'TOKEN')),
    undefined,
  );
  assert.equal(
    collectProblems(problems, () => cidr(['x', 'y'], 'CIDR')),
    undefined,
  );
  assert.equal(
    collectProblems(problems, () => 7),
    7,
  );
  assert.deepEqual(
    problems.map(({ at }) => at),
    ['TOKEN', 'CIDR', 'CIDR'],
  );
  const bug = new TypeError('bug');
  assert.throws(
    () =>
      collectProblems(problems, () => {
        throw bug;
      }),
    bug,
  );
});

test('a list of keys is read in time that is in proportion to its length', () =>
  assertLinear((length) => {
    const keys = Array.from({ length }, (_, index) => ({ tenant: 't', sha256: index.toString(16).padStart(64, '0') }));
    return () => apiKeys(keys);
  }, 4_000));
