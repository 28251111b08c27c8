import type { Reply } from './exchange.ts';

const encoder = new TextEncoder();

/** A short answer in plain text. Never give it text from inside: it goes to whoever asked. */
export function plainReply(status: number, text: string, headers: Readonly<Record<string, string>> = {}): Reply {
  return { status, headers: { 'content-type': 'text/plain; charset=utf-8', ...headers }, body: encoder.encode(`${text}\n`) };
}
