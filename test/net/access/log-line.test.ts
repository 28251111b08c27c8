import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { answeredLine, receivedLine } from '../../../src/net/access/log/log-line.ts';

const answered = {
  id: 'd5aafbe6c56c32ec',
  method: 'POST',
  path: '/api/v1/sessions',
  status: 200,
  durationMs: 1.9,
  tenant: undefined,
};
const at = Date.UTC(2026, 5, 13, 11, 18, 55, 354);

test('a line is as wasmrun’s page has it', () =>
  assert.equal(
    answeredLine(at, answered),
    'ts=2026-06-13T11:18:55.354+00:00 id=d5aafbe6c56c32ec method=POST path=/api/v1/sessions status=200 dur_ms=1 tenant=-',
  ));

test('a client that went away has no status', () =>
  assert.match(answeredLine(at, { ...answered, status: undefined }), / status=- /));

for (const [path, shown] of [
  ['/a b', '"/a b"'],
  ['/a"b', '"/a\\"b"'],
  ['/a\\b', '"/a\\\\b"'],
  ['/a=b', '"/a=b"'],
  ['', '""'],
  ['/a\nts=forged', '"/a\\u{a}ts=forged"'],
  ['/\u001b[31m', '"/\\u{1b}[31m"'],
  ['/\u202etxt', '"/\\u{202e}txt"'],
  ['/\u2028', '"/\\u{2028}"'],
  ['/ü', '/ü'],
] as const) {
  test(`${JSON.stringify(path)} is logged as ${shown}`, () => {
    const line = answeredLine(at, { ...answered, path });
    assert.equal(
      line,
      `ts=2026-06-13T11:18:55.354+00:00 id=d5aafbe6c56c32ec method=POST path=${shown} status=200 dur_ms=1 tenant=-`,
    );
  });
}

/** logfmt as its readers take it apart. */
function fieldsOf(line: string): Record<string, string> {
  const fields: Record<string, string> = {};
  const rest = line.replace(
    /(\w+)=(?:"((?:[^"\\]|\\.)*)"|([^\s"=]*))(?: |$)/g,
    (_all, name: string, quoted?: string, bare?: string) => {
      assert.ok(!Object.hasOwn(fields, name), `${name} is there twice`);
      fields[name] = (quoted ?? bare ?? '').replace(/\\u\{([0-9a-f]+)\}/g, (_m, code) =>
        String.fromCodePoint(Number.parseInt(code, 16)),
      );
      return '';
    },
  );
  assert.equal(rest, '');
  return fields;
}

const text = fc.string({
  unit: fc.oneof(
    fc.constantFrom('"', '\\', '=', ' ', '\n', '\r', '\u0000', '\u202e', 'a', '→'),
    fc.string({ unit: 'binary', maxLength: 1 }),
  ),
});

test('whatever a client or a tenant is called, it is one line with seven fields', () =>
  fc.assert(
    fc.property(text, text, text, (method, path, tenant) => {
      const line = answeredLine(at, { ...answered, method, path, tenant });
      assert.doesNotMatch(line, /[\p{C}\p{Zl}\p{Zp}]/u);
      const fields = fieldsOf(line);
      assert.deepEqual(Object.keys(fields), ['ts', 'id', 'method', 'path', 'status', 'dur_ms', 'tenant']);
      assert.deepEqual([fields.id, fields.status], [answered.id, '200']);
      assert.doesNotMatch(receivedLine(answered.id, method, path), /[\p{C}\p{Zl}\p{Zp}]/u);
    }),
  ));
