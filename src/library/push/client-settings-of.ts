/** The settings of a push, in the form for the OTLP/HTTP client. */
import { promisify } from 'node:util';
import { gzip, gzipSync } from 'node:zlib';
import type { ClientSettings } from '../../net/otlp-client/client-settings.ts';
import { packageVersion } from './package-version.ts';
import { retry } from './settings/retry.ts';
import { settingNames } from './settings/setting-names.ts';
import type { PushSettings } from './settings/settings.ts';

/** Handing so little to zlib's own thread, and back, costs the main thread about as much as compressing it itself. */
const atOnceBytes = 16 * 1024;
const compressLater = promisify<Uint8Array, Uint8Array>(gzip);

export function clientSettingsOf({ compression, protocol, target }: PushSettings): ClientSettings {
  const { url, headers } = target();
  // OTLP, "User Agent": exporter, language, version.
  const userAgent = `Meterbridge-OTLP-Exporter-JavaScript/${packageVersion()}`;
  return {
    url,
    headers: { 'user-agent': userAgent, ...headers },
    encoding: protocol === 'http/json' ? 'json' : 'protobuf',
    compression: compression === 'gzip' ? { name: 'gzip', compress } : undefined,
    retry,
    names: settingNames,
  };
}

function compress(request: Uint8Array): Promise<Uint8Array> | Uint8Array {
  return request.byteLength <= atOnceBytes ? gzipSync(request) : compressLater(request);
}
