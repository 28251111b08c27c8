/** Certificates for `https`, from the files that the `OTEL_EXPORTER_OTLP_[METRICS_]…` variables name. */
import { X509Certificate } from 'node:crypto';
import type { Problem } from '../../../core/errors/error.ts';
import { mostPemBytes, readText } from '../../../core/node/read-text.ts';
import { type Environment, firstText, otlpNames, type Setting } from './environment.ts';

/** PEM contents; for absent ones the platform decides. */
export interface Tls {
  readonly ca?: string;
  readonly cert?: string;
  readonly key?: string;
}

export function resolveTls(env: Environment, problems: Problem[]): Tls {
  const ca = file(env, 'CERTIFICATE', problems);
  const cert = file(env, 'CLIENT_CERTIFICATE', problems);
  const key = file(env, 'CLIENT_KEY', problems);
  if ((cert === undefined) !== (key === undefined)) {
    const [there, missing] = cert === undefined ? [key, 'CLIENT_CERTIFICATE'] : [cert, 'CLIENT_KEY'];
    const rule = 'a client certificate and its key belong together';
    problems.push({ at: there?.at ?? '', got: 'one without the other', rule, fix: `set ${otlpNames(missing)[1]} too` });
  }
  return Object.freeze({
    ...(ca !== undefined && { ca: ca.value }),
    ...(cert !== undefined && { cert: cert.value }),
    ...(key !== undefined && { key: key.value }),
  });
}

function file(env: Environment, name: string, problems: Problem[]): Setting<string> | undefined {
  const path = firstText(env, otlpNames(name));
  if (path === undefined) return undefined;
  const read = readText(path.value, mostPemBytes);
  if (read.ok && (name === 'CLIENT_KEY' || holdsCertificate(read.text))) return { at: path.at, value: read.text };
  // If the variable holds the contents and not the path, it may be a key.
  const got = /-----BEGIN|\n/.test(path.value) ? '[redacted]' : JSON.stringify(path.value);
  const what = read.ok ? 'a file without a certificate' : read.got;
  const rule = read.ok ? 'it must name a file of certificates in PEM' : `it must name a PEM file: ${read.rule}`;
  problems.push({ at: path.at, got: `${got}, ${what}`, rule, fix: read.ok ? 'write the path of the file' : read.fix });
  return { at: path.at, value: '' };
}

function holdsCertificate(text: string): boolean {
  try {
    return new X509Certificate(text).subject !== undefined;
  } catch {
    return false;
  }
}
