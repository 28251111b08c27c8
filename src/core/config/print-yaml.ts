/** Plain data as YAML that every reader of the dialect `collector` understands alike. */
import { Document, Scalar, visit } from 'yaml';
import { type Plain, wholeDouble } from './schema/index.ts';
import { resolve } from './yaml-scalar.ts';

/**
 * Characters that YAML 1.1 takes for line breaks, or rejects, and that YAML 1.2 takes as they are; marks that turn the direction
 * of writing.
 */
const unsafe = /[\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff\ufffe\uffff]/g;

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
  return document.toString(style).replace(unsafe, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`);
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
    text !== '<<' && text.search(unsafe) === -1 && resolve(text, { plain: true, tag: undefined, dialect: 'collector' }) === text
  );
}
