/**
 * The part of a file between two comments, as bytes: everything else stays as it is, whatever its encoding.
 *
 *     <!-- meterbridge docs shop: begin -->
 *     (what is written)
 *     <!-- meterbridge docs shop: end -->
 */

export interface Markers {
  readonly begin: string;
  readonly end: string;
}

/** @param name the contract's: letters, digits and underscores */
export function markersOf(name: string): Markers {
  return { begin: `<!-- meterbridge docs ${name}: begin -->`, end: `<!-- meterbridge docs ${name}: end -->` };
}

type Between =
  | { readonly ok: true; readonly text: string; replaced(text: string): Buffer }
  /** `none`: neither marker is there. */
  | { readonly ok: false; readonly problem: 'none' | 'broken'; readonly got: string };

/** Finds the part. Each marker stands once, on a line of its own. */
export function between(file: Buffer, { begin, end }: Markers): Between {
  // One character a byte, so that an index is one of the file's.
  const bytes = file.toString('latin1');
  const [begins, ends] = [linesWith(bytes, begin), linesWith(bytes, end)];
  const [first, last] = [begins[0], ends[0]];
  if (first === undefined && last === undefined) return { ok: false, problem: 'none', got: 'neither marker' };
  if (first === undefined || last === undefined || begins.length + ends.length > 2) {
    return { ok: false, problem: 'broken', got: `${begins.length} times the begin, ${ends.length} times the end` };
  }
  if (last.from < first.from)
    return { ok: false, problem: 'broken', got: `the end in line ${last.line}, the begin in line ${first.line}` };
  const lineEnd = bytes.slice(first.from, first.to).endsWith('\r\n') ? '\r\n' : '\n';
  return {
    ok: true,
    text: file.subarray(first.to, last.from).toString('utf8').replaceAll('\r\n', '\n'),
    replaced: (text) =>
      Buffer.concat([file.subarray(0, first.to), Buffer.from(text.replaceAll('\n', lineEnd)), file.subarray(last.from)]),
  };
}

/** With the markers and what is between them at the end of the file. */
export function appended(file: Buffer, { begin, end }: Markers, text: string): Buffer {
  const lineEnd = file.includes('\r\n') ? '\r\n' : '\n';
  const before = file.length === 0 ? '' : `${file.at(-1) === 0x0a ? '' : '\n'}\n`;
  return Buffer.concat([file, Buffer.from(`${before}${begin}\n${text}${end}\n`.replaceAll('\n', lineEnd))]);
}

interface Line {
  /** From 1. */
  readonly line: number;
  readonly from: number;
  /** Behind its line end. */
  readonly to: number;
}

function linesWith(bytes: string, marker: string): readonly Line[] {
  const found: Line[] = [];
  let [line, from] = [1, 0];
  while (from < bytes.length) {
    const newline = bytes.indexOf('\n', from);
    const to = newline === -1 ? bytes.length : newline + 1;
    if (bytes.startsWith(marker, from) && bytes.slice(from, to).trimEnd() === marker) found.push({ line, from, to });
    [line, from] = [line + 1, to];
  }
  return found;
}
