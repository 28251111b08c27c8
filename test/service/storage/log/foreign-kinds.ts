/** What somebody may put into a directory of logs under a name of theirs. */
import { execFileSync } from 'node:child_process';
import { chownSync, copyFileSync, mkdirSync, symlinkSync, truncateSync } from 'node:fs';
import { join } from 'node:path';

/** `put`: at a path that does not exist yet, where a `whole` file is elsewhere. `why`: what is said of it as a segment. */
type Kind = readonly [put: (path: string, whole: string) => void, why: RegExp];

export const kinds: Readonly<Record<string, Kind>> = {
  'a pipe': [(path) => execFileSync('mkfifo', [path]), /it is no regular file, 0 bytes/],
  'a directory': [(path) => mkdirSync(join(path, 'x'), { recursive: true }), /it is no regular file, 0 bytes/],
  'a link to a device': [(path) => symlinkSync('/dev/zero', path), /it is a link, 0 bytes/],
  'a link to a segment': [(path, whole) => symlinkSync(whole, path), /it is a link, 0 bytes/],
  'a sparse file of 5 GiB': [
    (path, whole) => {
      copyFileSync(whole, path);
      truncateSync(path, 5 * 2 ** 30);
    },
    /it has more than 1073741824 bytes, 5368709120 bytes/,
  ],
  ...(process.getuid?.() === 0 && {
    "another user's": [
      (path: string, whole: string) => {
        copyFileSync(whole, path);
        chownSync(path, 12_345, 12_345);
      },
      /it belongs to another user, \d+ bytes/,
    ] as const,
  }),
};
