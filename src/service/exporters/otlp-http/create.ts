/** The exporter `otlp_http`: sends what it is given to the next receiver of OTLP over HTTP. */
import { readBatch } from '../../../formats/otlp/batch/batch.ts';
import { noLimits } from '../../../formats/otlp/batch/batch-limits.ts';
import { jsonOf } from '../../../formats/otlp/json/from-protobuf.ts';
import { createSender } from '../../../net/otlp-client/sender.ts';
import type { Exporter, ExporterContext } from '../../component.ts';
import { clientHeaders } from '../../guard/auth.ts';
import { watchClientTls } from '../../guard/client-tls.ts';
import { createOutage } from '../../queue/outage.ts';
import { createQueuedExporter } from '../../queue/queued-exporter.ts';
import { clientOf, connectionsOf } from './client.ts';
import type { OtlpHttpSettings } from './config.ts';
import { createServicePoster } from './service-poster.ts';

export function createOtlpHttp(settings: OtlpHttpSettings, context: ExporterContext): Exporter {
  const { id, log } = context;
  const client = clientOf(id, settings, (failure, waitMs) => outage.retrying(failure, waitMs));
  const outage = createOutage(shownUrl(client.url), log);
  return createQueuedExporter(settings, context, outage, () => {
    const tls = watchClientTls(settings.tls, { at: `exporters.${id}.tls`, log });
    const connections = connectionsOf(settings);
    // A variable that names no proxy ends the start, and not each attempt.
    connections.proxyOf(new URL(client.url));
    const poster = createServicePoster({ tls, ...connections });
    const sender = createSender(
      { ...client, ...(settings.auth && { headersNow: clientHeaders(settings.auth, context) }) },
      poster,
    );
    if (settings.encoding === 'proto') return sender;
    return { ...sender, send: (request, ...rest) => sender.send(jsonOf(readBatch(request, noLimits)), ...rest) };
  });
}

function shownUrl(url: string): string {
  const { origin, pathname } = new URL(url);
  return `${origin}${pathname}`;
}
