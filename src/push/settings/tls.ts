/** Certificates for `https`, from the files that the `OTEL_EXPORTER_OTLP_[METRICS_]…` variables name. */
import { readFileSync } from 'node:fs';
import type { Problem } from '../../errors/error.ts';
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
  try {
    return { at: path.at, value: readFileSync(path.value, 'utf8') };
  } catch (error) {
    const reason = (error as NodeJS.ErrnoException).code ?? 'an error';
    const rule = `it must name a PEM file that can be read (${reason})`;
    // If the variable holds the contents and not the path, it may be a key.
    const got = /-----BEGIN|\n/.test(path.value) ? '[redacted]' : JSON.stringify(path.value);
    problems.push({ at: path.at, got, rule, fix: 'write the path of the file, or correct its rights' });
    return { at: path.at, value: '' };
  }
}
