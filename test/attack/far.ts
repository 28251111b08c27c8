/**
 * The next receiver of OTLP over HTTP, to be run as a process of its own that is killed: `far.ts PORT`. What it answers 200 it
 * has said before: the honest senders' points.
 */
import { createServer } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { gunzipSync } from 'node:zlib';
import { readBatch } from '../../src/formats/otlp/batch/batch.ts';
import { noLimits } from '../../src/formats/otlp/batch/batch-limits.ts';
import { metricNode, numberNode, resourceNode } from '../../src/formats/otlp/batch/batch-tree.ts';
import { metricsOf, pointsOf, resourcesOf, scopesOf } from '../../src/formats/otlp/batch/walk.ts';

/** By sender and series, the highest value of a request. */
export type Came = Readonly<Record<string, Readonly<Record<string, number>>>>;

function honestIn(bytes: Uint8Array): Came {
  const came: Record<string, Record<string, number>> = {};
  const batch = readBatch(bytes, noLimits);
  for (const r of resourcesOf(batch))
    for (const s of scopesOf(batch, r))
      for (const m of metricsOf(batch, s)) {
        const { name } = metricNode(batch, m);
        if (!name.startsWith('honest.')) continue;
        const own = resourceNode(batch, r).attributes?.find(({ key }) => key === 'service.instance.id');
        const sender = String(own?.value?.stringValue);
        const series = came[sender] ?? {};
        came[sender] = series;
        for (const p of pointsOf(batch, m)) {
          const { attributes, asInt } = numberNode(batch, p);
          const key = `${name} ${attributes?.[0]?.value?.stringValue}`;
          series[key] = Math.max(series[key] ?? 0, Number(asInt));
        }
      }
  return came;
}

const server = createServer(async (request, response) => {
  try {
    const body = await buffer(request);
    const bytes = request.headers['content-encoding'] === 'gzip' ? gunzipSync(body) : body;
    const answer = () => response.writeHead(200, { 'content-type': 'application/x-protobuf' }).end();
    if (bytes.includes('honest.')) process.send?.(honestIn(bytes), answer);
    else answer();
  } catch (error) {
    // Whoever sends it is wrong, and the test is to say so.
    process.send?.({ [`a broken request: ${error}`]: {} });
    response.writeHead(400).end();
  }
});
server.listen(Number(process.argv[2]), '127.0.0.1', () => process.send?.({}));
