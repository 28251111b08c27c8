/** Starts the client of the suite `http`. */
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

export const clientFile = join(import.meta.dirname, 'client.ts');

export interface Order {
  readonly url: string;
  readonly times: number;
  readonly headers: Readonly<Record<string, string>>;
}

export type Scrape = (order: Order) => Promise<{ readonly ms: number; readonly bytes: number }>;

export function startClient(): Scrape {
  const child = spawn(process.execPath, [clientFile], { stdio: ['pipe', 'pipe', 'inherit'] });
  process.once('exit', () => child.kill());
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  return async (order) => {
    child.stdin.write(`${JSON.stringify(order)}\n`);
    const { value, done } = await lines.next();
    if (done === true) throw new Error('the client ended');
    return JSON.parse(value as string);
  };
}
