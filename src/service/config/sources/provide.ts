/** What a URI of a configuration stands for: `file:PATH`, `env:NAME`, `env:NAME:-DEFAULT`, `yaml:TEXT`. */
import { readText } from '../../../core/node/read-text.ts';

export type Provided =
  | { readonly ok: true; readonly text: string; readonly unset?: true; readonly verbatim?: true }
  | { readonly ok: false; readonly path?: string; readonly got: string; readonly rule: string; readonly fix: string };

/** `uri` has a scheme. */
export type Provide = (uri: string) => Provided;

/** Larger than any configuration that people write. */
const mostBytes = 1_048_576;
const schemes: readonly string[] = ['env', 'file', 'yaml'];
/** The Collector's providers that are not ours. */
const elsewhere: readonly string[] = ['http', 'https'];
const envName = /^[a-zA-Z_]\w*$/;

export function createProvide(env: Readonly<Record<string, string | undefined>>): Provide {
  return (uri) => {
    const colon = uri.indexOf(':');
    const scheme = uri.slice(0, colon);
    const opaque = uri.slice(colon + 1);
    if (scheme === 'yaml') return { ok: true, text: opaque };
    if (scheme === 'file') return ofFile(opaque);
    if (scheme === 'env') return ofEnv(opaque, env);
    const rule = elsewhere.includes(scheme)
      ? 'the Collector has this scheme, meterbridge serve has not'
      : 'there is no such scheme';
    return { ok: false, got: JSON.stringify(scheme), rule, fix: `use ${schemes.join(', ')}` };
  };
}

/** A relative path starts at the working directory, as in the Collector. */
function ofFile(path: string): Provided {
  const read = readText(path, mostBytes);
  return read.ok ? read : { ...read, path };
}

/** The default is for a variable that is not set; one that is empty is empty. */
function ofEnv(opaque: string, env: Readonly<Record<string, string | undefined>>): Provided {
  const cut = opaque.indexOf(':-');
  const name = cut === -1 ? opaque : opaque.slice(0, cut);
  if (!envName.test(name)) {
    const rule = 'the name of a variable has letters, digits and _, and begins with no digit';
    return { ok: false, got: JSON.stringify(name), rule, fix: `write \${env:NAME}, or $\${ where no reference is meant` };
  }
  const value = Object.hasOwn(env, name) ? env[name] : undefined;
  if (value !== undefined) return { ok: true, text: value };
  if (cut === -1) return { ok: true, text: '', unset: true };
  const byDefault = opaque.slice(cut + 2);
  // An empty default is an empty string, while an empty variable is null.
  return byDefault === '' ? { ok: true, text: '', verbatim: true } : { ok: true, text: byDefault };
}

/** A URI has a scheme of two letters or more; a path has none. */
export function hasScheme(uri: string): boolean {
  return /^[A-Za-z][A-Za-z\d+.-]+:/.test(uri);
}
