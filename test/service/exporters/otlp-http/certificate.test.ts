/**
 * A client's certificate that is replaced counts for new connections; one that cannot be used is an error in the log, and the
 * last good one goes on.
 */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import type { TLSSocket } from 'node:tls';
import { certificate } from '../../../net/web-config/good-cases.ts';
import { until } from '../../../until.ts';
import { batch, metric, startExporter } from './rig.ts';

test('a certificate that is replaced', async (t) => {
  const seen: string[] = [];
  const own = { cert: certificate('server.pem'), key: certificate('server.key.pem') };
  const server = createServer({ ...own, requestCert: true, rejectUnauthorized: false }, (request, response) => {
    seen.push((request.socket as TLSSocket).getPeerCertificate().subject.CN as string);
    request.resume().on('end', () => response.end());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => server.close());
  const folder = mkdtempSync(join(tmpdir(), 'meterbridge-certificate-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const [cert, key] = [join(folder, 'cert.pem'), join(folder, 'key.pem')];
  const put = (name: string) => {
    writeFileSync(cert, certificate(`${name}.pem`));
    writeFileSync(key, certificate(`${name}.key.pem`));
  };
  put('client');
  const { exporter, counts, lines } = await startExporter(t, {
    endpoint: `https://127.0.0.1:${(server.address() as AddressInfo).port}`,
    disable_keep_alives: true,
    tls: { ca_pem: certificate('authority.pem'), cert_file: cert, key_file: key },
  });
  let sent = 0;
  const send = async () => {
    exporter.consume(batch(metric('m', 2, 1)));
    sent++;
    await until('sent', () => counts.sent === sent);
    return seen.at(-1);
  };
  const first = await send();
  writeFileSync(key, 'no key');
  await until(
    'said',
    async () => (await send()) === first && lines.some((line) => line.includes('the last good files serve on')),
  );
  put('server');
  await until('the new one counts', async () => (await send()) !== first);
  assert.match(
    lines.join('\n'),
    /exporters\.otlp_http\.tls: the last good files serve on: .*\n.*tls: the files can be used again\n.*tls: the files have changed, and count for new connections/,
  );
});
