/** An exposition of any size. */
import { closeSync, openSync, writeSync } from 'node:fs';

export type PageFormat = 'openmetrics' | 'text';

const bounds = ['0.005', '0.01', '0.025', '0.05', '0.1', '0.25', '0.5', '1.0', '2.5', '5.0', '10.0', '+Inf'];

/** Counters, gauges and classic histograms, some hundred series a family. */
export function writePage(path: string, format: PageFormat, bytes: number): void {
  const file = openSync(path, 'w');
  for (let written = 0, i = 0; written < bytes; i++) written += writeSync(file, families(i, format));
  if (format === 'openmetrics') writeSync(file, '# EOF\n');
  closeSync(file);
}

function families(i: number, format: PageFormat): string {
  const counter = format === 'text' ? `shop_requests_${i}_total` : `shop_requests_${i}`;
  const lines = [`# HELP ${counter} Requests that were answered.`, `# TYPE ${counter} counter`];
  for (let k = 0; k < 500; k++)
    lines.push(`shop_requests_${i}_total{method="GET",path="/api/v1/items/${k}",status="200"} ${(k * 7919) % 1_000_003}`);
  lines.push(`# HELP shop_queue_${i} Length of the queue.`, `# TYPE shop_queue_${i} gauge`);
  for (let k = 0; k < 500; k++) lines.push(`shop_queue_${i}{queue="q${k}"} ${(k * 0.37).toFixed(3)}`);
  const histogram = `shop_latency_${i}_seconds`;
  lines.push(`# HELP ${histogram} Latency.`, `# TYPE ${histogram} histogram`);
  for (let k = 0; k < 100; k++) {
    for (const [at, le] of bounds.entries()) lines.push(`${histogram}_bucket{route="/r/${k}",le="${le}"} ${at * (k % 7)}`);
    lines.push(
      `${histogram}_sum{route="/r/${k}"} ${(k * 0.123).toFixed(4)}`,
      `${histogram}_count{route="/r/${k}"} ${11 * (k % 7)}`,
    );
  }
  return `${lines.join('\n')}\n`;
}
