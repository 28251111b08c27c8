/** Pages of one format, one after the other: a family that several have, as the first one has it. */

/** A family of a page. */
interface Piece {
  readonly name: string;
  readonly bytes: Uint8Array;
}

interface Format {
  pieces(page: Buffer): Iterable<Piece>;
  readonly opening: string;
  readonly between: string;
  readonly ending: string;
}

const metadata = '# ';
const none = { opening: '', between: '', ending: '' };

const formats: Readonly<Record<string, Format>> = {
  'application/openmetrics-text': { ...none, pieces: textFamilies, ending: '# EOF\n' },
  'application/vnd.google.protobuf': { ...none, pieces: messages },
  'application/json': { pieces: jsonFamilies, opening: '{"families":[', between: ',', ending: ']}\n' },
};
const text: Format = { ...none, pieces: textFamilies };

/** Copies what it keeps. `twice`: names of families that a later page has, too. */
export function joinPages(
  pages: readonly Uint8Array[],
  contentType: string,
): { readonly body: Uint8Array; readonly twice: readonly string[] } {
  const { pieces, opening, between, ending } = formats[contentType.split(';', 1)[0] as string] ?? text;
  const pageOf = new Map<string, number>();
  const twice = new Set<string>();
  const kept: Uint8Array[] = [Buffer.from(opening)];
  for (const [at, page] of pages.entries()) {
    for (const { name, bytes } of pieces(Buffer.from(page.buffer, page.byteOffset, page.byteLength))) {
      const owner = pageOf.get(name) ?? at;
      pageOf.set(name, owner);
      if (owner !== at) twice.add(name);
      else kept.push(...(kept.length > 1 ? [Buffer.from(between)] : []), bytes);
    }
  }
  kept.push(Buffer.from(ending));
  return { body: new Uint8Array(Buffer.concat(kept)), twice: [...twice] };
}

/**
 * Each family has metadata; a line feed within a label or a help text is escaped, so a line that begins with `# ` is metadata.
 */
function* textFamilies(page: Buffer): Generator<Piece> {
  let open: { readonly name: string; readonly from: number } | undefined;
  const whole = (to: number): Piece[] => (open === undefined ? [] : [{ name: open.name, bytes: page.subarray(open.from, to) }]);
  for (let at = page.indexOf(metadata); at >= 0; ) {
    const line = page.indexOf('\n', at);
    const [, keyword, name = ''] = page.toString('utf8', at, line).split(' ', 3);
    if (keyword === 'EOF') return yield* whole(at);
    if (name !== open?.name) {
      yield* whole(at);
      open = { name, from: at };
    }
    const next = page.indexOf(`\n${metadata}`, at);
    at = next < 0 ? -1 : next + 1;
  }
  yield* whole(page.length);
}

/**
 * Messages `MetricFamily`, each behind its length; a message begins with its tag and the length of its name, which the name
 * follows.
 */
function* messages(page: Buffer): Generator<Piece> {
  for (let at = 0; at < page.length; ) {
    const [length, from] = varint(page, at);
    const [nameLength, nameAt] = varint(page, from + 1);
    yield { name: page.toString('utf8', nameAt, nameAt + nameLength), bytes: page.subarray(at, from + length) };
    at = from + length;
  }
}

/** Returns where it ends, too. */
function varint(page: Buffer, at: number): readonly [value: number, end: number] {
  let value = 0;
  for (let index = at, scale = 1; ; index++, scale *= 128) {
    const byte = page[index] ?? 0;
    value += (byte % 128) * scale;
    if (byte < 128) return [value, index + 1];
  }
}

/** Each family has a line of its own. */
function* jsonFamilies(page: Buffer): Generator<Piece> {
  for (const line of page.toString().split('\n')) {
    if (!line.startsWith('{"name":')) continue;
    const family = line.replace(line.endsWith(']}]}') ? /\]\}$/ : /,$/, '');
    const name: unknown = JSON.parse(family.slice('{"name":'.length, family.indexOf(',"type":')));
    yield { name: String(name), bytes: Buffer.from(`\n${family}`) };
  }
}
