/** Representations beside the exposition, for who asks for one by name: `?format=NAME`. What they show is the host's; here is who gets it, and when. */
import type { Handler, Reply } from '../http/exchange.ts';
import { plainReply } from '../http/plain-reply.ts';
import { within } from '../node/within.ts';

/** By name. What one rejects with stays inside. */
export type Formats = Readonly<Record<string, () => Promise<Reply>>>;

/** As long as a scrape may take. */
const defaultDeadlineMs = 10_000;

/**
 * GET with a known `format` gets that, everything else the handler's answer. Those who ask for one format at the same time share it, so it is
 * made once at a time however many ask; who waits longer than the deadline gets 504, and 500 when it could not be made.
 */
export function withFormats(handler: Handler, formats: Formats, deadlineMs: number = defaultDeadlineMs): Handler {
  const underWay = new Map<string, Promise<Reply>>();

  function share(name: string, make: () => Promise<Reply>): Promise<Reply> {
    let reply = underWay.get(name);
    if (reply === undefined) {
      reply = attempt(make).finally(() => underWay.delete(name));
      underWay.set(name, reply);
    }
    return reply;
  }

  return async (request) => {
    const name = request.query.get('format');
    if (request.method !== 'GET' || name === null || !Object.hasOwn(formats, name)) return handler(request);
    const reply = share(name, formats[name] as () => Promise<Reply>);
    return within(reply, { ms: deadlineMs }, () => plainReply(504, 'the host took too long'));
  };
}

async function attempt(make: () => Promise<Reply>): Promise<Reply> {
  try {
    // Without `sent`: several send it, and none knows when the last one has.
    const { status, headers, body } = await make();
    return { status, headers, body };
  } catch {
    return plainReply(500, 'the collection failed');
  }
}
