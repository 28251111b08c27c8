/**
 * A scraper in a process of its own: for each line `URL DELAY_MS` on standard input it waits, scrapes once, and answers with a
 * line of JSON: how long the answer took, to its first byte and to its last, and its length. Read to the end, never kept.
 */
import { get } from 'node:http';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';

function scrape(url: string): Promise<{ first: number; ms: number; bytes: number }> {
  const from = performance.now();
  return new Promise((resolve, reject) => {
    const request = get(url, { agent: false }, (response) => {
      const first = performance.now() - from;
      let bytes = 0;
      response.on('data', (part: Buffer) => {
        bytes += part.length;
      });
      response.on('end', () => resolve({ first, ms: performance.now() - from, bytes }));
      response.on('error', reject);
    });
    request.on('error', reject);
  });
}

for await (const line of createInterface({ input: process.stdin })) {
  const [url = '', delay = '0'] = line.split(' ');
  await sleep(Number(delay));
  process.stdout.write(`${JSON.stringify(await scrape(url))}\n`);
}
