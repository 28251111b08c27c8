import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { visible } from '../../../../src/core/errors/visible.ts';
import { writeReport } from '../../../../src/tools/check/report/index.ts';
import { arbitraryFinding, moved, noHelp, observedOf, outside } from './findings.ts';

const options = { format: 'github', version: '1.2.3' } as const;

interface Command {
  readonly name: string;
  readonly properties: Readonly<Record<string, string>>;
  readonly message: string;
}

/** As the runner reads a line: `ActionCommand.TryParseV2` of actions/runner, src/Runner.Common/ActionCommand.cs. */
function commandIn(line: string): Command | undefined {
  if (!line.startsWith('::')) return undefined;
  const end = line.indexOf('::', 2);
  if (end < 0) return undefined;
  const info = line.slice(2, end);
  const space = info.indexOf(' ');
  if (space < 0) return { name: info, properties: {}, message: unescaped(line.slice(end + 2)) };
  const pairs = info
    .slice(space + 1)
    .trim()
    .split(',')
    .filter((part) => part !== '')
    .map((part) => [part.slice(0, part.indexOf('=')), part.slice(part.indexOf('=') + 1)] as const)
    .map(([key, value]) => [key, unescaped(value.replaceAll('%3A', ':').replaceAll('%2C', ','))] as const);
  return { name: info.slice(0, space), properties: Object.fromEntries(pairs), message: unescaped(line.slice(end + 2)) };
}

function unescaped(text: string): string {
  return text.replaceAll('%0D', '\r').replaceAll('%0A', '\n').replaceAll('%25', '%');
}

test('a finding in a file is shown at its line', () => {
  const [line, ...rest] = writeReport([outside], { ...options, observed: [observedOf('page.txt', ['runwisp_up'])] }).split('\n');
  assert.deepEqual(commandIn(line ?? ''), {
    name: 'error',
    properties: { file: 'page.txt', line: '14', col: '3', title: 'value-outside: runwisp_runs_total{status}' },
    message: `page.txt:14:3
contract: runwisp.metrics.runs.labels.status
got: "dnoe"
rule: the set is done, failed
fix: use one of the set
see: https://example.com/rule`,
  });
  assert.deepEqual(rest, ['1 error in 1 family, 7 samples of page.txt (text)', '']);
});

test('a warning and a note have their own commands, and a URL is no file', () => {
  const commands = writeReport([noHelp, { ...moved, line: 3 }], options)
    .split('\n')
    .map(commandIn);
  assert.equal(commands[0]?.name, 'warning');
  assert.equal(commands[1]?.name, 'notice');
  assert.deepEqual(commands[1]?.properties, { title: 'values-moved' });
  assert.match(commands[1]?.message ?? '', /^http:\/\/127\.0\.0\.1:9090\/metrics:3\n/);
});

test('standard input is no file', () => {
  const [line] = writeReport([{ ...noHelp, source: 'standard input' }], options).split('\n');
  assert.deepEqual(commandIn(line ?? '')?.properties, { title: 'no-help: runwisp_up' });
});

test('the rest is a notice with their number', () => {
  const lines = writeReport([outside, noHelp, moved], { ...options, most: 1 }).split('\n');
  assert.equal(lines.length, 4);
  assert.equal(commandIn(lines[1] ?? '')?.message, '2 more are not shown: 1 warning, 1 note');
});

test('property: the runner reads each finding as it was written, and no other command', () => {
  fc.assert(
    fc.property(fc.array(arbitraryFinding, { maxLength: 4 }), (findings) => {
      const lines = writeReport(findings, options).trimEnd().split('\n');
      assert.equal(lines.length, findings.length + 1);
      assert.equal(commandIn(lines.at(-1) ?? ''), undefined);
      const got = lines.slice(0, -1).map(commandIn);
      for (const finding of findings) {
        const title = [
          ...(finding.family === undefined ? [] : [visible(finding.family)]),
          ...(finding.label === undefined ? [] : [`{${visible(finding.label)}}`]),
        ].join('');
        const expected = (finding.family ?? finding.label) === undefined ? finding.id : `${finding.id}: ${title}`;
        assert.ok(
          got.some(
            (each) =>
              each?.properties.title === expected.trim() &&
              each.message.includes(`\ngot: ${visible(finding.got)}\nrule: ${visible(finding.rule)}\n`),
          ),
          JSON.stringify({ finding, got }),
        );
      }
    }),
  );
});
