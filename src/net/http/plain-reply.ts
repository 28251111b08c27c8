import type { Reply } from './exchange.ts';

const encoder = new TextEncoder();

/** A short response in plain text. Never pass it internal text: the client reads it. */
export function plainReply(status: number, text: string, headers: Readonly<Record<string, string>> = {}): Reply {
  return { status, headers: { 'content-type': 'text/plain; charset=utf-8', ...headers }, body: encoder.encode(`${text}\n`) };
}
