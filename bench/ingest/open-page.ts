/** A page that is left open, without a browser: its stream, and what it asks for again. */
import type { Server } from './server.ts';

/** What a browser asks for again while it shows all of the page, in milliseconds. */
const againMs = 5_000;
const parts = ['graph', 'producers', 'scrapers', 'series', 'refusals'];

/** Resolves with the first message; goes on until the process ends. */
export async function openPage({ page }: Server): Promise<void> {
  const response = await fetch(`${page}/api/events`);
  if (response.status !== 200 || response.body === null) throw new Error(`the page answers ${response.status}`);
  const messages = response.body[Symbol.asyncIterator]();
  await messages.next();
  void follow(page, messages);
  const again = async () => {
    for (const part of parts) await (await fetch(`${page}/api/${part}`)).arrayBuffer();
  };
  await again();
  setInterval(() => void again().catch(() => {}), againMs).unref();
}

async function follow(page: string, first: AsyncIterator<Uint8Array>): Promise<void> {
  let messages = first;
  for (;;) {
    const { done } = await messages.next();
    // The server ends a stream now and then, and a page comes back.
    if (done === true)
      messages = ((await fetch(`${page}/api/events`)).body as ReadableStream<Uint8Array>)[Symbol.asyncIterator]();
  }
}
