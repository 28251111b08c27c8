/** The process in a crew's container: calls the provider for an assignment, and reports its own statistics on request. */
export type ToAgent =
  | { readonly type: 'run'; readonly url: string; readonly key: string; readonly prompt: string; readonly maxTokens: number }
  | { readonly type: 'stats' };

export interface Usage {
  readonly inputTokens: number;
  readonly outputTokens: number;
}

export type FromAgent =
  | { readonly type: 'done'; readonly usage: Usage }
  | { readonly type: 'failed'; readonly error: string }
  | { readonly type: 'stats'; readonly residentBytes: number };

function post(message: FromAgent): void {
  process.send?.(message);
}

async function run({ url, key, prompt, maxTokens }: Extract<ToAgent, { type: 'run' }>): Promise<void> {
  try {
    const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json' };
    const answer = await fetch(url, { method: 'POST', headers, body: JSON.stringify({ prompt, maxTokens }) });
    const body = (await answer.json()) as { message?: string; usage: Usage };
    if (!answer.ok) throw new Error(body.message);
    post({ type: 'done', usage: body.usage });
  } catch (error) {
    post({ type: 'failed', error: error instanceof Error ? error.message : String(error) });
  }
}

process.on('message', (message: ToAgent) => {
  if (message.type === 'stats') post({ type: 'stats', residentBytes: process.memoryUsage.rss() });
  else void run(message);
});
