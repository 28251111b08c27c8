/** Pages that somebody wrote to cost much: time grows with their length alone, whatever is in them. */
import { test } from 'node:test';
import { createExpositionReader, type ReaderOptions } from '../../../../src/formats/exposition/parse/reader.ts';
import { assertLinear } from '../../../linear.ts';
import { family, label, message, types } from './protobuf-page.ts';

type Format = ReaderOptions['format'];
const many = (count: number, make: (i: number) => string) => Array.from({ length: count }, (_, i) => make(i)).join('');

const pages: Readonly<Record<string, readonly [Format, (size: number) => string]>> = {
  'quotes that stay open': ['text', (size) => many(size, () => 'a{b="c\n')],
  'quoted text over many lines': ['text', (size) => many(size, (i) => `a{b="\n",c${i}="\n`)],
  'label upon label in one line': [
    'openmetrics',
    (size) => `a{${many(size, (i) => `${i === 0 ? '' : ','}l${i}="x"`)}} 1\n# EOF\n`,
  ],
  backslashes: ['openmetrics', (size) => `a{b="${'\\\\'.repeat(size * 4)}"} 1\n# EOF\n`],
  'series of one family': ['openmetrics', (size) => `# TYPE a gauge\n${many(size, (i) => `a{b="${i}"} 1\n`)}# EOF\n`],
  'a large family, then small ones': ['text', (size) => many(size, (i) => `a{b="${i}"} 1\n`) + many(size, (i) => `b${i} 1\n`)],
  'histograms that are never complete': [
    'text',
    (size) => `# TYPE h histogram\n${many(size, (i) => `h_bucket{le="1",i="${i}"} 1\n`)}`,
  ],
  'buckets in reverse': ['text', (size) => `# TYPE h histogram\n${many(size, (i) => `h_bucket{le="${size - i}"} 1\n`)}`],
  'families without samples': ['openmetrics', (size) => `${many(size, (i) => `# TYPE a${i} histogram\n`)}# EOF\n`],
  'one fault a line': ['text', (size) => '{}\n'.repeat(size * 4)],
  'one long line': ['text', (size) => 'a '.repeat(size * 8)],
};

for (const [name, [format, make]] of Object.entries(pages)) {
  for (const mode of ['strict', 'lenient'] as const) {
    test(`${mode}: ${name}`, () => {
      assertLinear((size) => {
        const bytes = Buffer.from(make(size));
        return () => {
          const reader = createExpositionReader({ format, mode });
          reader.write(bytes);
          reader.end();
        };
      }, 2500);
    });
  }
}

test('a line, and a message, that come byte by byte', () => {
  const metric = Uint8Array.from(
    family('x', types.gauge, [...Array.from({ length: 4000 }, () => label('a', 'b')).flat(), ...message(2, [])]),
  );
  for (const [format, unit] of [
    ['text', Buffer.from('a'.repeat(20))],
    ['protobuf', metric],
  ] as const) {
    assertLinear(
      (size) => () => {
        const reader = createExpositionReader({ format, mode: 'lenient' });
        for (let i = 0; i < size; i++) reader.write(unit.subarray(i % unit.length, (i % unit.length) + 1));
        reader.end();
      },
      20_000,
    );
  }
});
