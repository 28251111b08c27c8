/** Workers of a cluster whose primary is this process. */
import cluster, { type Worker } from 'node:cluster';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { listening } from '../http/program.ts';

/** Collect garbage, record 4,000 values a second, or do neither. Each is answered. */
export type Message = 'collect' | 'record' | 'rest';

export interface Reply {
  /** Where all workers are shown, if the worker shows them. */
  readonly url?: string | undefined;
  /** What the worker has taken, in microseconds. */
  readonly cpu: number;
}

export interface Workers {
  readonly url: string;
  /** What all processes have taken together, in microseconds. */
  send(message: Message): Promise<number>;
}

export async function startWorkers(contender: string, count: number, series: number): Promise<Workers> {
  const directory = mkdtempSync(join(tmpdir(), 'mb-'));
  process.once('exit', () => rmSync(directory, { recursive: true, force: true }));
  cluster.setupPrimary({ exec: join(import.meta.dirname, 'worker.ts'), args: [contender, String(series), directory] });
  const urlOfPrimary = contender === 'prom-client' ? await servePromClient() : undefined;
  const workers = Array.from({ length: count }, () => cluster.fork());
  process.once('exit', () => {
    for (const worker of workers) worker.process.kill('SIGKILL');
  });
  const [first] = await Promise.all(workers.map(replyOf));
  const url = urlOfPrimary ?? first?.url;
  if (url === undefined) throw new Error(`BUG: nothing shows the workers of ${contender}`);
  return {
    url,
    async send(message) {
      const replies = workers.map(replyOf);
      for (const worker of workers) worker.send(message);
      const { user, system } = process.cpuUsage();
      return (await Promise.all(replies)).reduce((sum, { cpu }) => sum + cpu, user + system);
    },
  };
}

function replyOf(worker: Worker): Promise<Reply> {
  return new Promise((resolve, reject) => {
    const take = (reply: Reply) => {
      // prom-client's own messages have a type.
      if ('type' in reply) return;
      worker.off('message', take);
      worker.off('exit', ended);
      resolve(reply);
    };
    const ended = () => reject(new Error('a worker ended'));
    worker.on('message', take);
    worker.once('exit', ended);
  });
}

async function servePromClient(): Promise<string> {
  const { AggregatorRegistry } = await import('prom-client');
  const all = new AggregatorRegistry();
  const server = createServer(async (_, response) => {
    response.setHeader('content-type', all.contentType);
    response.end(await all.clusterMetrics());
  });
  return listening(server);
}
