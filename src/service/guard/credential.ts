/** A credential that a client sends: from the configuration, or from a file that is read again when it changes. */
import { resolve } from 'node:path';
import { watchFiles } from '../../core/config/file.ts';
import { MeterbridgeError, type Problem } from '../../core/errors/error.ts';
import { readSecretFile } from '../../net/access/secret-file.ts';
import { isSet } from './tls-keys.ts';

/**
 * The returned function throws COLLECTOR_CONFIG_INVALID while the file cannot be read. White space around what a file holds is
 * left out, as in the Collector.
 * @param at the location of the file's key
 */
export function credential(value: string | undefined, file: string | undefined, at: string): () => string {
  if (!isSet(file)) return () => value ?? '';
  const path = resolve(file);
  const look = watchFiles<string | Problem>(
    path,
    () => performance.now(),
    () => {
      const read = readSecretFile(path);
      return {
        value: read.ok ? read.text.trim() : { at, got: `${JSON.stringify(file)}, ${read.got}`, rule: read.rule, fix: read.fix },
      };
    },
  );
  return () => {
    const found = look();
    if (typeof found === 'string') return found;
    throw new MeterbridgeError('COLLECTOR_CONFIG_INVALID', [found]);
  };
}
