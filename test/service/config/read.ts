import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { type ReadConfig, type ReadOptions, readConfig } from '../../../src/service/config/index.ts';
import { folderWith } from '../../examples/example.ts';
import { played } from './played-components.ts';

/**
 * Reads files, the first of them as `--config`, with the folder taken out of what is said. FOLDER in a file is where it stands.
 */
export function read(
  t: TestContext,
  files: Readonly<Record<string, string>>,
  options: ReadOptions & { readonly config?: readonly string[]; readonly set?: readonly string[] } = {},
): ReadConfig<(typeof played)[number]> {
  const { folder } = folderWith(t, 'empty', '');
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text.replaceAll('FOLDER', folder));
  const { config = Object.keys(files).slice(0, 1), set = [], env = {}, ...rest } = options;
  const sources = { config: config.map((source) => (Object.hasOwn(files, source) ? join(folder, source) : source)), set };
  const result = readConfig(sources, played, { env, ...rest });
  const plain = (text: string) => text.replaceAll(`${folder}/`, '');
  const warnings = result.warnings.map(plain);
  if (result.ok) return { ...result, warnings };
  return {
    ...result,
    warnings,
    problems: result.problems.map((one) => ({ ...one, at: plain(one.at), got: plain(one.got), rule: plain(one.rule) })),
  };
}
