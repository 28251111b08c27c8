/** One page of several bridges: the pages one after the other, a family of two bridges as the first one has it. */
import type { Handler, Reply, RequestFacts } from '../http/exchange.ts';

/** `sources`: those that are on the page, in their order. `onTwice` is told of the families that a later one has, too. */
export function pageOfAll(sources: () => readonly Handler[], onTwice: (names: readonly string[]) => void): Handler {
  return async (request) => {
    const [first, ...others] = sources();
    if (first === undefined) return { status: 404, headers: {}, body: new Uint8Array() };
    if (request.method !== 'GET' || others.length === 0) return first(request);
    const head = await first(asking(request, request.header('accept')));
    if (head.status !== 200) return head;
    // The format that a client without a preference gets is the first one's.
    const alike = asking(request, head.headers['content-type']);
    const replies = [head, ...(await Promise.all(others.map((scrape) => scrape(alike))))];
    const failed = replies.find(({ status }) => status !== 200);
    const { body, twice } = joined(replies.map((reply) => reply.body));
    for (const reply of replies) if (reply !== failed) reply.sent?.();
    if (failed !== undefined) return failed;
    if (twice.length > 0) onTwice(twice);
    return { status: 200, headers: head.headers, body };
  };
}

/** Uncompressed: compressed pages cannot be joined. */
function asking(request: RequestFacts, accept: string | undefined): RequestFacts {
  const { method, path, query, peer } = request;
  const header = (name: string): string | undefined => {
    if (name === 'accept') return accept;
    return name === 'accept-encoding' ? undefined : request.header(name);
  };
  return { method, path, query, peer, header };
}

const metadata = '# ';
const end = '# EOF\n';

/** Copies what it keeps. */
function joined(pages: readonly Uint8Array[]): { readonly body: Reply['body']; readonly twice: readonly string[] } {
  const pageOf = new Map<string, number>();
  const kept: Uint8Array[] = [];
  const twice = new Set<string>();
  let ends = false;
  for (const [at, page] of pages.entries()) {
    const text = Buffer.from(page.buffer, page.byteOffset, page.byteLength);
    for (const { name, from, to } of families(text)) {
      const owner = pageOf.get(name) ?? at;
      pageOf.set(name, owner);
      if (owner === at) kept.push(text.subarray(from, to));
      else twice.add(name);
    }
    ends ||= text.subarray(-end.length).equals(Buffer.from(end));
  }
  if (ends) kept.push(Buffer.from(end));
  return { body: new Uint8Array(Buffer.concat(kept)), twice: [...twice] };
}

interface Block {
  readonly name: string;
  readonly from: number;
  readonly to: number;
}

/** Each family has metadata; a line feed within a label or a help text is escaped, so a line that begins with `# ` is metadata. */
function* families(text: Buffer): Generator<Block> {
  let open: { readonly name: string; readonly from: number } | undefined;
  const whole = (to: number): Block[] => (open === undefined ? [] : [{ ...open, to }]);
  for (let at = text.indexOf(metadata); at >= 0; ) {
    const line = text.indexOf('\n', at);
    const [, keyword, name = ''] = text.toString('utf8', at, line).split(' ', 3);
    if (keyword === 'EOF') return yield* whole(at);
    if (name !== open?.name) {
      yield* whole(at);
      open = { name, from: at };
    }
    const next = text.indexOf(`\n${metadata}`, at);
    at = next < 0 ? -1 : next + 1;
  }
  yield* whole(text.length);
}
