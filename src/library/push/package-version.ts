/** The version of Meterbridge, which a push contains. */
import manifest from '../../../package.json' with { type: 'json' };

export function packageVersion(): string {
  return manifest.version;
}
