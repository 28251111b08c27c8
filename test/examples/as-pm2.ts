/**
 * Does with a PM2 file's app what PM2 does in cluster mode: starts its instances, reloads them on SIGHUP (a new one is ready
 * ahead of the SIGINT for the earlier one), and ends them by SIGINT.
 */
import cluster, { type Worker } from 'node:cluster';
import { once } from 'node:events';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

const file = process.argv[2] as string;
const [app] = createRequire(file)(file).apps;
if (app.exec_mode !== 'cluster' || app.wait_ready !== true) throw new Error('only cluster mode with wait_ready is played here');
cluster.setupPrimary({ exec: join(dirname(file), app.script), execArgv: ['--conditions=meterbridge-source'] });

async function ready(): Promise<Worker> {
  const worker = cluster.fork();
  while ((await once(worker, 'message'))[0] !== 'ready');
  return worker;
}

async function end(worker: Worker): Promise<void> {
  const exited = once(worker, 'exit');
  worker.process.kill('SIGINT');
  const [code] = await exited;
  if (code !== 0) process.exitCode = 1;
}

let workers = await Promise.all(Array.from({ length: app.instances }, ready));
console.log(`instances: ${workers.length}`);

process.on('SIGHUP', async () => {
  workers = await Promise.all(
    workers.map(async (former) => {
      const next = await ready();
      await end(former);
      return next;
    }),
  );
  console.log('reloaded: all');
});
process.once('SIGTERM', async () => {
  await Promise.all(workers.map(end));
  process.disconnect?.();
  process.exit();
});
