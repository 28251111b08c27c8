/** Whether loopback is a container's own. */
import { existsSync, readdirSync } from 'node:fs';

/** Files that Docker and Podman leave in every container. */
const marks = ['/.dockerenv', '/run/.containerenv'];

const interfaces = '/sys/class/net';

/** What this process can see of where it runs. */
export interface Surroundings {
  readonly env: Readonly<Record<string, string | undefined>>;
  exists(path: string): boolean;
  /** Empty: they cannot be listed. */
  interfaces(): readonly string[];
}

/**
 * Whether no scraper outside is likely to reach loopback: in a container that is not on its machine's network. An interface of
 * that network has a device; a container's own is one end of a pair, and has none.
 */
export function ownsLoopback({ env, exists, interfaces: names }: Surroundings = here): boolean {
  if (!isEmpty(env.METERBRIDGE_OWN_LOOPBACK)) return false;
  if (isEmpty(env.KUBERNETES_SERVICE_HOST) && !marks.some(exists)) return false;
  const all = names();
  return all.length > 0 && !all.some((name) => exists(`${interfaces}/${name}/device`));
}

const isEmpty = (text: string | undefined): boolean => (text ?? '') === '';

const here: Surroundings = {
  env: process.env,
  exists: isThere,
  interfaces() {
    try {
      return readdirSync(interfaces);
    } catch {
      return [];
    }
  },
};

/** A file that this process may not look for (`--permission`) counts as absent. */
function isThere(path: string): boolean {
  try {
    return existsSync(path);
  } catch {
    return false;
  }
}
