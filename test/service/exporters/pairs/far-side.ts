/** A receiver of OTLP over HTTP that comes and goes, with a path for each exporter that sends to it. */
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import type { TestContext } from 'node:test';
import { gunzipSync } from 'node:zlib';
import { decodeMetrics } from '../../../formats/otlp/decode-metrics.ts';
import { pointsOfRequest } from './outputs.ts';
import type { PointText } from './senders.ts';

export interface FarSide {
  readonly url: string;
  /** Whether it takes requests. Else it answers some with 503, and ends the connections of others. */
  works: boolean;
  /** What came over a path, in order. */
  points(path: string): readonly PointText[];
}

export async function startFarSide(t: TestContext): Promise<FarSide> {
  const taken = new Map<string, PointText[]>();
  let refused = 0;
  const server = createServer(async (request, response) => {
    const body = await buffer(request);
    if (!far.works && refused++ % 2 === 0) request.socket.destroy();
    else if (!far.works) response.writeHead(503).end();
    else {
      const path = request.url as string;
      const bytes = request.headers['content-encoding'] === 'gzip' ? gunzipSync(body) : body;
      const type = request.headers['content-type'];
      const points = pointsOfRequest(decodeMetrics(type, bytes));
      taken.set(path, [...(taken.get(path) ?? []), ...points]);
      response.writeHead(200, { 'content-type': type }).end(type === 'application/json' ? '{}' : '');
    }
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  const far: FarSide = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    works: true,
    points: (path) => taken.get(path) ?? [],
  };
  return far;
}
