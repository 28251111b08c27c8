/** A module's own limit of memory, lowered in its bytes: an engine has no other way to bound what `memory.grow` may take. */

const HEADER_BYTES = 8;
const MEMORY_SECTION = 5;

/**
 * The module with at most so many pages of 64 KiB; `null`: as it is. A module that is not valid comes back in any state, since it
 * does not compile.
 * @throws when the module needs more than that to begin with, or has a kind of memory that cannot be limited
 */
export function capMemory(module: Uint8Array, pages: number | null): Uint8Array {
  if (pages === null) return module;
  let at = HEADER_BYTES;
  while (at < module.length) {
    const id = module[at];
    const size = readLeb(module, at + 1);
    const end = size.next + size.value;
    if (id === MEMORY_SECTION) {
      const contents = cappedSection(module.subarray(size.next, end), pages);
      const section = Uint8Array.from([MEMORY_SECTION, ...leb(contents.length), ...contents]);
      return Buffer.concat([module.subarray(0, at), section, module.subarray(end)]);
    }
    at = end;
  }
  return module;
}

/**
 * Number of memories, and of each: flags, pages at first, pages at most where the flags say so (WebAssembly, binary format,
 * 5.5.8).
 */
function cappedSection(section: Uint8Array, pages: number): number[] {
  const [count, flags] = section;
  if (count === 0) return [0];
  if (count !== 1 || (flags !== 0 && flags !== 1))
    throw new Error('a module has one memory, which is neither shared nor of 64 bits');
  const least = readLeb(section, 2);
  if (least.value > pages) throw new Error(`the module needs ${least.value} pages of memory, and ${pages} are allowed`);
  const most = flags === 1 ? readLeb(section, least.next).value : pages;
  return [1, 1, ...leb(least.value), ...leb(Math.min(most, pages))];
}

function readLeb(bytes: Uint8Array, from: number): { value: number; next: number } {
  let value = 0;
  let at = from;
  let byte = 0x80;
  for (let scale = 1; byte >= 0x80; scale *= 128) {
    byte = bytes[at++] ?? 0;
    value += (byte & 0x7f) * scale;
  }
  return { value, next: at };
}

function leb(value: number): number[] {
  return value < 0x80 ? [value] : [(value & 0x7f) | 0x80, ...leb(value >>> 7)];
}
