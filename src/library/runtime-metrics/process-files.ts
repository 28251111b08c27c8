/**
 * What Linux reports about this process below `/proc/self`. Elsewhere, or where the file may not be read, every result is
 * undefined.
 */
import { readdirSync, readFileSync } from 'node:fs';

function read(name: string): string | undefined {
  try {
    return readFileSync(`/proc/self/${name}`, 'utf8');
  } catch {
    return undefined;
  }
}

/** In bytes. */
export interface ProcessMemory {
  readonly virtual: number | undefined;
  readonly data: number | undefined;
}

export function processMemory(): ProcessMemory {
  const status = read('status') ?? '';
  const kibibytes = (pattern: RegExp) => {
    const found = pattern.exec(status)?.[1];
    return found === undefined ? undefined : Number(found) * 1_024;
  };
  return { virtual: kibibytes(/^VmSize:\s*(\d+) kB$/m), data: kibibytes(/^VmData:\s*(\d+) kB$/m) };
}

/** Without the one that reading takes. */
export function openFiles(): number | undefined {
  try {
    return readdirSync('/proc/self/fd').length - 1;
  } catch {
    return undefined;
  }
}

/** The soft limit; undefined also where there is none. */
export function mostOpenFiles(): number | undefined {
  const found = /^Max open files\s+(\d+)\s/m.exec(read('limits') ?? '')?.[1];
  return found === undefined ? undefined : Number(found);
}
