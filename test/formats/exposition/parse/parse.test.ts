import assert from 'node:assert/strict';
import test from 'node:test';
import fc from 'fast-check';
import type { TextFormat } from '../../../../src/formats/exposition/format.ts';
import { parseExposition } from '../../../../src/formats/exposition/parse/parse.ts';
import type { ParsedFamily } from '../../../../src/formats/exposition/parse/parsed.ts';

function families(text: string, format: TextFormat): readonly ParsedFamily[] {
  const result = parseExposition(text, format);
  assert.ok(result.ok, result.ok ? '' : JSON.stringify(result.problems));
  return result.families;
}

const histogram = 'a_bucket{le="1.0"} 1\na_bucket{le="+Inf"} 2\na_count 2\na_sum 3\n';

/** Verdicts of client_python's strict parser, and of the OpenMetrics 1.0 text. */
const openMetricsAccepted: Readonly<Record<string, string>> = {
  'an empty exposition': '# EOF\n',
  'no line feed after EOF': '# EOF',
  'a gauge named _total': '# TYPE x_total gauge\nx_total 1\n# EOF\n',
  'a summary with only sum and count': '# TYPE s summary\ns_sum 1\ns_count 1\n# EOF\n',
  'an unknown named _sum': '# TYPE x_sum unknown\nx_sum 1\n# EOF\n',
  'a gauge named _count': '# TYPE x_count gauge\nx_count 1\n# EOF\n',
  'build_info as a gauge': '# TYPE a_build_info gauge\na_build_info{version="1"} 1\n# EOF\n',
  'build_info as an info': '# TYPE a_build info\na_build_info{version="1"} 1\n# EOF\n',
  'le="1"': '# TYPE a histogram\na_bucket{le="1"} 1\na_bucket{le="+Inf"} 2\na_count 2\na_sum 3\n# EOF\n',
  'HELP before TYPE': '# HELP a Text.\n# TYPE a gauge\na 1\n# EOF\n',
  'an empty HELP': '# HELP a \n# TYPE a gauge\na 1\n# EOF\n',
  'a family without samples': '# TYPE a gauge\n# HELP a Text.\n# EOF\n',
  '_created lines': '# TYPE a counter\na_total 1\na_created 1520872607.123\n# EOF\n',
  'quoted UTF-8': '# TYPE "a.b" gauge\n{"a.b","c.d"="x"} 1\n# EOF\n',
  'a sample without TYPE': 'a 1\n# EOF\n',
  'an exemplar on a counter': '# TYPE a counter\na_total 1 # {trace_id="x"} 0.67 1520879607.789\n# EOF\n',
  'an exemplar without labels on a bucket': '# TYPE a histogram\na_bucket{le="+Inf"} 2 # {} 1\na_count 2\na_sum 3\n# EOF\n',
  'a brace in a label value': 'a{b="}",c="# {"} 1\n# EOF\n',
  'a unit that is the suffix': '# TYPE a_seconds gauge\n# UNIT a_seconds seconds\na_seconds 1\n# EOF\n',
  'a stateset': '# TYPE a stateset\na{a="x"} 1\na{a="y"} 0\n# EOF\n',
  'a gauge histogram': '# TYPE a gaugehistogram\na_bucket{le="+Inf"} 2\na_gcount 2\na_gsum 3\n# EOF\n',
  'two points of a series': 'a 1 1\na 2 2\n# EOF\n',
  'a carriage return in texts': '# TYPE a gauge\n# HELP a One\rtwo\r\na{b="x\ry\r"} 1\n# EOF\n',
};

const openMetricsRefused: Readonly<Record<string, readonly [string, number]>> = {
  'a gauge a_total beside a counter a': ['# TYPE a_total gauge\na_total 1\n# TYPE a counter\na_total 2\n# EOF\n', 3],
  'a counter whose sample lacks _total': ['# TYPE a counter\na 1\n# EOF\n', 2],
  'a counter with _total in its TYPE': ['# TYPE a_total counter\na_total 1\n# EOF\n', 2],
  'a unit that is no suffix': ['# TYPE a gauge\n# UNIT a seconds\na 1\n# EOF\n', 2],
  'a unit on an info': ['# TYPE a_seconds info\n# UNIT a_seconds seconds\na_seconds_info 1\n# EOF\n', 1],
  'an exemplar on a gauge': ['# TYPE a gauge\na 1 # {t="x"} 1\n# EOF\n', 2],
  'an exemplar of 129 characters': [`# TYPE a counter\na_total 1 # {t="${'x'.repeat(128)}"} 1\n# EOF\n`, 2],
  CRLF: ['# TYPE a gauge\r\na 1\r\n# EOF\r\n', 1],
  'a histogram a beside a gauge a_count': [`# TYPE a histogram\n${histogram}# TYPE a_count gauge\na_count 1\n# EOF\n`, 6],
  'no EOF': ['a 1\n', 1],
  'a line after EOF': ['# EOF\na 1\n', 2],
  'a blank line': ['a 1\n\n# EOF\n', 2],
  'a comment': ['# Hello there you.\na 1\n# EOF\n', 1],
  'a byte order mark': ['\uFEFFa 1\n# EOF\n', 1],
  'two spaces': ['a  1\n# EOF\n', 1],
  'two spaces in metadata': ['# TYPE  a gauge\n# EOF\n', 1],
  'a space inside the braces': ['a{ b="c"} 1\n# EOF\n', 1],
  'a comma before the closing brace': ['a{b="c",} 1\n# EOF\n', 1],
  'a trailing space': ['a 1 \n# EOF\n', 1],
  'no value': ['a\n# EOF\n', 1],
  'a value that is no number': ['a 1_000\n# EOF\n', 1],
  'a hexadecimal value': ['a 0x1F\n# EOF\n', 1],
  'type untyped': ['# TYPE a untyped\na 1\n# EOF\n', 1],
  'two TYPEs': ['# TYPE a gauge\n# TYPE a gauge\na 1\n# EOF\n', 2],
  'two HELPs': ['# HELP a b\n# HELP a b\na 1\n# EOF\n', 2],
  'metadata after samples': ['# TYPE a gauge\na 1\n# HELP a b\n# EOF\n', 3],
  'interleaved families': ['# TYPE a gauge\na{b="1"} 1\n# TYPE c gauge\nc 1\na{b="2"} 1\n# EOF\n', 5],
  'interleaved label sets': ['# TYPE a summary\na_sum{b="1"} 1\na_sum{b="2"} 1\na_count{b="1"} 1\na_count{b="2"} 1\n# EOF\n', 4],
  'the same series twice': ['# TYPE a gauge\na 1\na 2\n# EOF\n', 3],
  'the same series twice, labels swapped': ['a{b="1",c="2"} 1\na{c="2",b="1"} 2\n# EOF\n', 2],
  'a label twice': ['a{b="1",b="2"} 1\n# EOF\n', 1],
  'a label __x': ['a{__x="1"} 1\n# EOF\n', 1],
  'a negative counter': ['# TYPE a counter\na_total -1\n# EOF\n', 2],
  'a NaN counter': ['# TYPE a counter\na_total NaN\n# EOF\n', 2],
  'a counter with only _created': ['# TYPE a counter\na_created 1\n# EOF\n', 2],
  'no +Inf bucket': ['# TYPE a histogram\na_bucket{le="1.0"} 1\na_count 1\na_sum 1\n# EOF\n', 2],
  'buckets out of order': ['# TYPE a histogram\na_bucket{le="2"} 1\na_bucket{le="1"} 1\na_bucket{le="+Inf"} 1\n# EOF\n', 2],
  'buckets not cumulative': ['# TYPE a histogram\na_bucket{le="1"} 2\na_bucket{le="+Inf"} 1\n# EOF\n', 2],
  'a count that is not the +Inf bucket': ['# TYPE a histogram\na_bucket{le="+Inf"} 1\na_count 2\na_sum 1\n# EOF\n', 2],
  'a count without a sum': ['# TYPE a histogram\na_bucket{le="+Inf"} 1\na_count 1\n# EOF\n', 2],
  'a sum beside negative buckets': [
    '# TYPE a histogram\na_bucket{le="-1"} 1\na_bucket{le="+Inf"} 1\na_count 1\na_sum -1\n# EOF\n',
    2,
  ],
  'le="inf"': ['# TYPE a histogram\na_bucket{le="inf"} 1\na_count 1\na_sum 1\n# EOF\n', 2],
  'a bucket without le': ['# TYPE a histogram\na_bucket 1\n# EOF\n', 2],
  'half an observation': ['# TYPE a histogram\na_bucket{le="+Inf"} 1.5\n# EOF\n', 2],
  'a quantile of 2': ['# TYPE a summary\na{quantile="2"} 1\n# EOF\n', 2],
  'an info of 2': ['# TYPE a info\na_info 2\n# EOF\n', 2],
  'a state of 2': ['# TYPE a stateset\na{a="x"} 2\n# EOF\n', 2],
  'a stateset without its label': ['# TYPE a stateset\na{b="x"} 1\n# EOF\n', 2],
  'timestamps going back': ['a 1 2\na 2 1\n# EOF\n', 2],
  'timestamps on some samples': ['# TYPE a summary\na_sum 1 2\na_count 1\n# EOF\n', 3],
  'an unclosed quote': ['a{b="c} 1\n# EOF\n', 1],
  'an unclosed brace': ['a{b="c" 1\n# EOF\n', 1],
  'an infinite timestamp': ['a 1 +Inf\n# EOF\n', 1],
};

const textAccepted: Readonly<Record<string, string>> = {
  'a count without a sum': '# TYPE a histogram\na_bucket{le="+Inf"} 1\na_count 1\n',
  'an empty exposition': '',
  'a counter named _total': '# HELP a_total Text.\n# TYPE a_total counter\na_total 1\n',
  'a counter named otherwise': '# TYPE a counter\na 1\n',
  'blank lines and comments': '\n# a comment\n#\n# EOF\n# UNIT a seconds\na 1\n\n',
  'blanks here and there': '  # \tTYPE  a gauge\na { b = "c" , d="e" , } 1  5 \n',
  'no blank after the braces': 'a{b="c"}1\n',
  'a timestamp in milliseconds': 'a 1 1395066363000\n',
  'histogram samples in any order': '# TYPE a histogram\na_sum 3\na_count 2\na_bucket{le="+Inf"} 2\na_bucket{le="1"} 1\n',
  'a summary': '# TYPE a summary\na{quantile="0.5"} NaN\na_sum 1\na_count 1\n',
  untyped: '# TYPE a untyped\na -3.5e-7\n',
  // Go's parser reads the help as `One\rtwo\r`.
  'a carriage return in texts': '# HELP a One\rtwo\r\n# TYPE a gauge\na{b="x\ry\r"} 1\n',
  'quoted UTF-8': '# TYPE "a.b" gauge\n{"a.b","c.d"="x"} 1\n',
};

const textRefused: Readonly<Record<string, readonly [string, number]>> = {
  'no line feed at the end': ['a 1', 1],
  CRLF: ['a 1\r\n', 1],
  'CRLF behind a type': ['# TYPE a gauge\r\na 1\n', 1],
  'type info': ['# TYPE a info\na_info 1\n', 1],
  'type unknown': ['# TYPE a unknown\na 1\n', 1],
  'an exemplar': ['# TYPE a_total counter\na_total 1 # {t="x"} 1\n', 2],
  'a timestamp in seconds': ['a 1 1395066363.5\n', 1],
  'an unknown escape': ['a{b="\\d"} 1\n', 1],
  'an escaped quote in HELP': ['# HELP a say \\"hi\\"\na 1\n', 1],
  'two TYPEs': ['# TYPE a gauge\n# TYPE a gauge\na 1\n', 2],
  'TYPE after samples': ['a 1\n# TYPE a gauge\n', 2],
  'interleaved families': ['a{b="1"} 1\nc 1\na{b="2"} 1\n', 3],
  'the same series twice': ['a 1\na 2\n', 2],
  'a histogram without +Inf': ['# TYPE a histogram\na_bucket{le="1"} 1\na_sum 3\na_count 1\n', 2],
  'a bucket without le': ['# TYPE a histogram\na_bucket 1\n', 2],
  'a metric name that starts with a digit': ['1a 1\n', 1],
  // Prometheus 3 takes the blanks for part of the type, of the name; expfmt does not.
  'two blanks before a type': ['# TYPE a  gauge\na 1\n', 1],
  'a blank behind a type': ['# TYPE a gauge \na 1\n', 1],
  'a blank before a name': [' a 1\n', 1],
  'a TYPE that Prometheus takes for a comment': ['#TYPE a gauge\na 1\n', 1],
  'a timestamp with a sign': ['a 1 -5\n', 1],
  'a number that no double holds': ['a 1e400\n', 1],
  'a metric name with a dot': ['a.b 1\n', 1],
};

for (const [format, accepted] of [
  ['openmetrics', openMetricsAccepted],
  ['text', textAccepted],
] as const) {
  for (const [name, text] of Object.entries(accepted)) {
    test(`${format}, accepted, with a sample for each line: ${name}`, () => {
      const lines = text.split('\n').filter((line) => /^\s*[^#\s]/.test(line));
      const samples = families(text, format).flatMap((family) => family.samples);
      assert.equal(samples.length, lines.length);
    });
  }
}

for (const [format, cases] of [
  ['openmetrics', openMetricsRefused],
  ['text', textRefused],
] as const) {
  for (const [name, [text, line]] of Object.entries(cases)) {
    test(`${format}, rejected: ${name}`, () => {
      const result = parseExposition(text, format);
      assert.ok(!result.ok, 'it was accepted');
      assert.equal(result.problems[0]?.line, line, JSON.stringify(result.problems));
    });
  }
}

test('a family as it comes out of OpenMetrics', () => {
  const text = [
    '# TYPE rw_runs counter',
    '# UNIT rw_runs runs',
    '# HELP rw_runs Say \\"hi\\",\\n twice: \\\\.',
    'rw_runs_total{task="weird\\"task\\\\name",status="a\\nb"} 3 1520879607.5 # {trace_id="x"} 0.67 1520879607.789',
    '# EOF',
  ].join('\n');
  assert.deepEqual(families(text, 'openmetrics'), [
    {
      name: 'rw_runs',
      kind: 'counter',
      help: 'Say "hi",\n twice: \\.',
      unit: 'runs',
      samples: [
        {
          name: 'rw_runs_total',
          labels: [
            ['task', 'weird"task\\name'],
            ['status', 'a\nb'],
          ],
          value: 3,
          timestamp: 1520879607.5,
          exemplar: { labels: [['trace_id', 'x']], value: 0.67, timestamp: 1520879607.789 },
        },
      ],
    },
  ]);
});

test('a family as it comes out of text 0.0.4', () => {
  assert.deepEqual(families('# HELP a_total Say "hi"\\n.\n# TYPE a_total counter\na_total{b="\\\\"} +Inf 1500\nc 2\n', 'text'), [
    {
      name: 'a_total',
      kind: 'counter',
      help: 'Say "hi"\n.',
      samples: [{ name: 'a_total', labels: [['b', '\\']], value: Infinity, timestamp: 1.5 }],
    },
    { name: 'c', kind: 'unknown', samples: [{ name: 'c', labels: [], value: 2 }] },
  ]);
});

for (const [format, text] of [
  ['openmetrics', openMetricsAccepted['a carriage return in texts']],
  ['text', textAccepted['a carriage return in texts']],
] as const) {
  test(`carriage returns stay in the texts of ${format}`, () => {
    const [family] = families(text ?? '', format);
    assert.deepEqual([family?.help, family?.samples[0]?.labels], ['One\rtwo\r', [['b', 'x\ry\r']]]);
  });
}

for (const [text, value] of [
  ['20260728110200', 20260728110200],
  ['1e+06', 1e6],
  ['.5', 0.5],
  ['5.', 5],
  ['-0', -0],
  ['+Inf', Infinity],
  ['-inf', -Infinity],
  ['NaN', Number.NaN],
] as const) {
  test(`the number ${text}`, () => assert.equal(families(`a ${text}\n# EOF\n`, 'openmetrics')[0]?.samples[0]?.value, value));
}

test('a problem says where, what, which rule and what to do', () => {
  const result = parseExposition('# TYPE a gauge\na{b="c",__d="e"} 1\n# EOF\n', 'openmetrics');
  assert.deepEqual(result, {
    ok: false,
    problems: [
      {
        line: 2,
        column: 9,
        id: 'label-reserved',
        rule: 'label names with __ in front are reserved',
        got: '"__d=\\"e\\"} 1"',
        fix: 'rename the label',
      },
    ],
  });
});

test('all faulty lines are reported, in order, up to a limit', () => {
  const result = parseExposition('1\n2\n', 'text');
  assert.deepEqual(!result.ok && result.problems.map((problem) => problem.line), [1, 2]);
  const many = parseExposition('1\n'.repeat(5000), 'text');
  assert.equal(!many.ok && many.problems.length, 100);
});

test('no text makes the parser throw', () => {
  const pieces = fc.constantFrom(
    'a',
    'a_total',
    '_bucket',
    '{',
    '}',
    '"',
    '\\',
    ' ',
    '\n',
    '# ',
    '# TYPE ',
    '# HELP ',
    '=',
    ',',
    '1',
    'le="',
    '# EOF',
    '\r',
    '\t',
  );
  fc.assert(
    fc.property(
      fc.array(fc.oneof(pieces, fc.string({ unit: 'binary' })), { maxLength: 40 }),
      fc.boolean(),
      (parts, openMetrics) => {
        parseExposition(parts.join(''), openMetrics ? 'openmetrics' : 'text');
      },
    ),
  );
});
