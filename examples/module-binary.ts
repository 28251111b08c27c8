import wabt from 'wabt';

/**
 * What WebAssembly compiles: a file's `source` as it is, or the binary of a `.wat` text.
 *
 * @throws when the text is no module
 */
export async function moduleBinary(file: string, source: Buffer): Promise<Uint8Array> {
  if (!file.endsWith('.wat')) return source;
  return (await wabt()).parseWat('module.wat', source.toString()).toBinary({}).buffer;
}
