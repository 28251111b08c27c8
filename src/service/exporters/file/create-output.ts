/** The output for a path: what is at the path is known at the start. */
import type { Stats } from 'node:fs';
import { stat } from 'node:fs/promises';
import type { FileSettings } from './config.ts';
import type { Output, OutputContext } from './output.ts';
import { createPipe } from './pipe.ts';
import { createRegularFile } from './regular-file.ts';

export function createOutput(settings: FileSettings, context: OutputContext): Output {
  const { path, rotation } = settings;
  let output = createRegularFile(settings, context);
  return Object.freeze({
    async start(held: 'the same' | 'another format' | undefined) {
      const found = await stat(path).catch(() => undefined);
      const refusal = found && problemOf(found, rotation !== undefined);
      if (refusal !== undefined) throw new Error(refusal);
      if (found !== undefined && !found.isFile()) output = createPipe(path, found.isFIFO(), context);
      await output.start(held);
    },
    get most() {
      return output.most;
    },
    get restarts() {
      return output.restarts;
    },
    left: () => output.left(),
    prepare: (bytes: number) => output.prepare(bytes),
    write: (bytes: Uint8Array, from: number) => output.write(bytes, from),
    cut: (bytes: number) => output.cut(bytes),
    hurry: () => output.hurry(),
    close: () => output.close(),
  });
}

/** Undefined: it can be written. */
function problemOf(found: Stats, rotates: boolean): string | undefined {
  if (found.isFile()) return undefined;
  if (found.isDirectory()) return 'it is a directory. Fix: write the path of a file';
  if (found.isBlockDevice()) return 'it is a disk, whose contents would be lost. Fix: write the path of a file';
  if (found.isSocket())
    return 'it is a socket, which has no name to open; in a systemd unit, standard output is one. Fix: write the path of a file';
  return rotates ? 'it is no file, which rotation could rename. Fix: leave rotation out' : undefined;
}
