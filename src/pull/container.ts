import { existsSync } from 'node:fs';

/** Files that Docker and Podman leave in every container. */
const marks = ['/.dockerenv', '/run/.containerenv'];

/** Whether this process runs in a container, where loopback is the container's own and no scraper outside reaches it. */
export function inContainer(env: NodeJS.ProcessEnv = process.env, exists: (path: string) => boolean = isThere): boolean {
  return (env.KUBERNETES_SERVICE_HOST ?? '') !== '' || marks.some(exists);
}

/** A file that this process may not look for (`--permission`) counts as absent. */
function isThere(path: string): boolean {
  try {
    return existsSync(path);
  } catch {
    return false;
  }
}
