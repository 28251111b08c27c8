/** Mounts of a test. */
import { execFileSync } from 'node:child_process';
import type { TestContext } from 'node:test';

const programs = {
  /** The same directory at a second place, and the same sockets. */
  bind: ['mount', '--bind'],
  /** As another machine sees it: nobody listens at the sockets of the first place. */
  bindfs: ['bindfs', '--multithreaded', '--enable-lock-forwarding'],
} as const;

/** Shows a directory at another place. Undefined: this cannot be done here, and the test is skipped, aloud. */
export function mount(t: TestContext, how: keyof typeof programs, directory: string, place: string): { end(): void } | undefined {
  const [program, ...options] = programs[how];
  try {
    execFileSync(program, [...options, directory, place], { stdio: 'ignore' });
  } catch {
    const reason = `skipped: ${program} cannot mount here`;
    process.stderr.write(`${t.name}: ${reason}\n`);
    t.skip(reason);
    return undefined;
  }
  let ended = false;
  const end = () => {
    if (!ended) execFileSync('umount', ['--lazy', place]);
    ended = true;
  };
  t.after(end);
  return { end };
}
