/**
 * A client in a process of its own: for each line of JSON on standard input it sends so many requests, one after the other over
 * one connection, and answers with the mean milliseconds to the last byte, and the length of the last body as sent.
 */
import { Agent, get } from 'node:http';
import { createInterface } from 'node:readline';
import type { Order } from './start-client.ts';

const agent = new Agent({ keepAlive: true, maxSockets: 1 });

function scrape(url: string, headers: Order['headers']): Promise<number> {
  return new Promise((resolve, reject) => {
    const request = get(url, { agent, headers }, (response) => {
      let bytes = 0;
      response.on('data', (part: Buffer) => {
        bytes += part.length;
      });
      response.on('error', reject);
      response.on('end', () => {
        if (response.statusCode === 200) resolve(bytes);
        else reject(new Error(`${url} answered ${response.statusCode}`));
      });
    });
    request.on('error', reject);
  });
}

for await (const line of createInterface({ input: process.stdin })) {
  const { url, times, headers } = JSON.parse(line) as Order;
  const from = performance.now();
  let bytes = 0;
  for (let time = 0; time < times; time++) bytes = await scrape(url, headers);
  process.stdout.write(`${JSON.stringify({ ms: (performance.now() - from) / times, bytes })}\n`);
}
