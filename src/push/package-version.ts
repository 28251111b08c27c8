/** The version of Meterbridge, which a push contains. */
import { createRequire } from 'node:module';

export function packageVersion(): string {
  return (createRequire(import.meta.url)('meterbridge/package.json') as { version: string }).version;
}
