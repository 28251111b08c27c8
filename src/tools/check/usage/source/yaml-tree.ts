/** YAML with the place of every text. Aliases are not followed: what an anchor holds is read where it stands. */
import { type CST, isMap, isPair, isScalar, isSeq, parseAllDocuments, type Scalar } from 'yaml';
import { type Entry, mapNode, type Node, type ScalarNode, type Tree, type Unreadable } from './node.ts';
import { apply, type Decoded, decodedText, type Edit, type Encode, encoded, partOf, type Text } from './text.ts';
import { type BlockHeader, blockScalar, flowScalar } from './yaml-scalar.ts';

const nothing: ScalarNode = {
  kind: 'scalar',
  value: null,
  text: { text: '', at: () => 0, edits: () => undefined },
};

export function yamlTree(source: Text): Tree {
  try {
    return readTree(source);
  } catch (error) {
    // The library reads nested collections by recursion.
    if (!(error instanceof RangeError)) throw error;
    return { documents: [], problem: { message: 'not YAML that can be read: nested too deeply', offset: source.at(0) } };
  }
}

function readTree(source: Text): Tree {
  // The library compares each key with all before it to find one that occurs twice.
  const parsed = parseAllDocuments(source.text, {
    keepSourceTokens: true,
    uniqueKeys: false,
    prettyErrors: false,
    logLevel: 'silent',
  });
  const all = Array.isArray(parsed) ? parsed : [];
  const error = all.flatMap((document) => document.errors)[0];
  const problem: Unreadable | undefined =
    error === undefined
      ? undefined
      : { message: `not YAML: ${error.message}`, offset: source.at(Math.min(error.pos[0], source.text.length)) };
  if (problem !== undefined) return { documents: [], problem };
  return { documents: all.map((document) => nodeOf(source, document.contents, false)), problem };
}

function nodeOf(source: Text, node: unknown, inFlow: boolean): Node {
  if (isMap(node)) {
    const flow = inFlow || node.flow === true;
    const entries: Entry[] = [];
    for (const pair of node.items) {
      if (!isPair(pair) || !isScalar(pair.key)) continue;
      entries.push({ key: scalarOf(source, pair.key, flow), value: nodeOf(source, pair.value, flow) });
    }
    return mapNode(entries);
  }
  if (isSeq(node)) return { kind: 'list', items: node.items.map((item) => nodeOf(source, item, inFlow || node.flow === true)) };
  return isScalar(node) ? scalarOf(source, node, inFlow) : nothing;
}

function scalarOf(source: Text, scalar: Scalar, inFlow: boolean): ScalarNode {
  const value = typeof scalar.value === 'bigint' ? Number(scalar.value) : scalar.value;
  const known = typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? value : null;
  const token = scalar.srcToken;
  if (token === undefined) return { ...nothing, value: known };
  const text = textOf(source, token as CST.FlowScalar | CST.BlockScalar, inFlow);
  // What the library reads is what counts: where this has read it otherwise, nothing is written.
  if (typeof known === 'string' && text.text !== known)
    return { kind: 'scalar', value: known, text: fixed(source, token.offset, known) };
  return { kind: 'scalar', value: known, text };
}

function fixed(source: Text, offset: number, text: string): Text {
  return { text, at: () => source.at(offset), edits: () => undefined };
}

function textOf(source: Text, token: CST.FlowScalar | CST.BlockScalar, inFlow: boolean): Text {
  if (token.type === 'block-scalar') return blockText(source, token);
  const from = token.offset;
  const to = from + token.source.length;
  if (token.type === 'double-quoted-scalar') {
    return decodedText(source, flowScalar(source.text, from + 1, to - 1, 'double'), (text) => JSON.stringify(text).slice(1, -1));
  }
  if (token.type === 'single-quoted-scalar') {
    const decoded = flowScalar(source.text, from + 1, to - 1, 'single');
    return decodedText(source, decoded, (text) => (oneLine(text) ? text.replaceAll("'", "''") : undefined));
  }
  return plainText(source, flowScalar(source.text, from, to, 'plain'), to, inFlow);
}

function oneLine(text: string): boolean {
  return !/[^\P{Cc}\t]/u.test(text);
}

/** A plain scalar that its new text does not allow gets single quotes: they fold lines in the same way. */
function plainText(source: Text, decoded: Decoded, end: number, inFlow: boolean): Text {
  const same = decodedText(source, decoded, (text) => (oneLine(text) ? text : undefined));
  return {
    ...same,
    edits: (edits) => {
      const text = apply(decoded.text, edits);
      if (isPlain(text, inFlow)) return same.edits(edits);
      const inner = encoded(decoded, [...edits, ...quotesOutside(decoded.text, edits)].toSorted(ascendingFrom), (part) =>
        oneLine(part) ? part.replaceAll("'", "''") : undefined,
      );
      if (inner === undefined) return undefined;
      return source.edits([{ from: decoded.begin, to: decoded.begin, text: "'" }, ...inner, { from: end, to: end, text: "'" }]);
    },
  };
}

const ascendingFrom = (a: Edit, b: Edit) => a.from - b.from;

/** The quotation marks that no edit replaces have to be doubled, too. */
function quotesOutside(text: string, edits: readonly Edit[]): readonly Edit[] {
  const doubled: Edit[] = [];
  for (let at = text.indexOf("'"); at >= 0; at = text.indexOf("'", at + 1)) {
    if (!edits.some(({ from, to }) => from <= at && at < to)) doubled.push({ from: at, to: at + 1, text: "'" });
  }
  return doubled;
}

/** Whether a plain scalar can say it (7.3.3); where in doubt, it cannot. */
function isPlain(text: string, inFlow: boolean): boolean {
  if (text === '' || text !== text.trim() || /^[-?:,[\]{}#&*!|>'"%@`]/.test(text)) return false;
  if (/: |:$|:\n| #|\n#/.test(text) || (inFlow && /[,[\]{}]/.test(text))) return false;
  return !/^(?:~|null|true|false|[-+.]?[0-9].*|\.nan|[-+]?\.inf)$/i.test(text);
}

function blockText(source: Text, token: CST.BlockScalar): Text {
  const from = token.offset + token.props.reduce((sum, prop) => sum + ('source' in prop ? prop.source.length : 0), 0);
  const lines = source.text.slice(from, from + token.source.length);
  const header = headerOf(token);
  const block = blockScalar(lines, 0, lines.length, header);
  const lineBreak = `${lines.includes('\r\n') ? '\r\n' : '\n'}${' '.repeat(block.indent)}`;
  const encode: Encode = (text) => {
    if (oneLine(text)) return text;
    return header.folded || !oneLine(text.replaceAll('\n', '')) ? undefined : text.replaceAll('\n', lineBreak);
  };
  return {
    ...decodedText(partOf(source, from, from + lines.length), block, encode),
    edits: (edits) => {
      const inner = encoded(block, edits, encode);
      if (inner === undefined) return undefined;
      // White space at the begin of a line decides how others fold, and how deep the block is.
      const after = apply(lines, inner);
      if (blockScalar(after, 0, after.length, header).text !== apply(block.text, edits)) return undefined;
      return partOf(source, from, from + lines.length).edits(inner);
    },
  };
}

function headerOf(token: CST.BlockScalar): BlockHeader {
  const written = token.props.find((prop) => prop.type === 'block-scalar-header');
  const header = written !== undefined && 'source' in written ? written.source : '';
  const indent = /[1-9]/.exec(header)?.[0];
  return {
    folded: header.startsWith('>'),
    chomp: header.includes('-') ? '-' : header.includes('+') ? '+' : '',
    indent: indent === undefined ? undefined : token.indent + Number(indent),
  };
}
