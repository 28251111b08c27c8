/** Every entry point imports this first: on a Node.js that is too old, the import fails, and not the first scrape. */
import { MeterbridgeError } from '../errors/error.ts';

/** The oldest one that OpenTelemetry's packages support; `engines` in package.json says the same. */
export const oldest = { major: 22, minor: 15 } as const;

/** @throws NODE_TOO_OLD */
export function checkNode(version: string): void {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  if (major > oldest.major || (major === oldest.major && minor >= oldest.minor)) return;
  const needed = `${oldest.major}.${oldest.minor} or newer`;
  throw new MeterbridgeError('NODE_TOO_OLD', [
    { at: 'Node.js', got: version, rule: `Meterbridge needs version ${needed}`, fix: `install Node.js ${needed}` },
  ]);
}

checkNode(process.versions.node);
