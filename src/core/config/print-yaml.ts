/** Plain data as YAML that every reader of the dialect `collector` understands alike. */
import { Document, Scalar, visit } from 'yaml';
import { marksInLines } from '../errors/visible.ts';
import { type Plain, wholeDouble } from './schema/index.ts';
import { resolve } from './yaml-scalar.ts';

/** Without a width, so that no string is broken into lines. */
const style = { lineWidth: 0, doubleQuotedMinMultiLineLength: Number.MAX_SAFE_INTEGER };

export function printYaml(plain: Plain): string {
  const document = new Document(plain, (_key: unknown, value: unknown) =>
    wholeDouble(value) === undefined ? value : doubleOf(value),
  );
  visit(document, {
    Scalar(_key, node) {
      if (typeof node.value === 'string' && !isPlain(node.value)) node.type = Scalar.QUOTE_DOUBLE;
    },
  });
  return document.toString(style).replace(marksInLines, escaped);
}

/** YAML 1.1 takes some of them for line breaks, or rejects them; YAML 1.2 takes most as they are. */
function escaped(mark: string): string {
  const code = mark.codePointAt(0) as number;
  return code > 0xffff ? `\\U${code.toString(16).padStart(8, '0')}` : `\\u${code.toString(16).padStart(4, '0')}`;
}

function doubleOf(value: unknown): Scalar<number> {
  const scalar = new Scalar(Number(wholeDouble(value)));
  scalar.minFractionDigits = 1;
  return scalar;
}

/**
 * Whether a string stays the same without quotes: `1_000` is a number of YAML 1.1, which the library does not know, `<<` a merge.
 */
function isPlain(text: string): boolean {
  return (
    text !== '<<' &&
    text.search(marksInLines) === -1 &&
    resolve(text, { plain: true, tag: undefined, dialect: 'collector' }) === text
  );
}
