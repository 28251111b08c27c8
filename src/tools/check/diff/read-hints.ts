/** Reads hints from YAML or JSON, in the shape of `hints.schema.json`. */
import { readTree } from '../../../core/config/read-tree.ts';
import { list, map, section, text, wrong } from '../../../core/config/schema/index.ts';
import { MeterbridgeError } from '../../../core/errors/error.ts';
import type { Hints } from './change.ts';

const name = text({ example: 'write the name, in quotes if it is a number' });
const schema = section({
  $schema: text({ default: '' }),
  metrics: map(name),
  labels: map(map(name)),
  values: map(map(map(list(name)))),
});

/**
 * @param file the document's name in messages
 * @throws MeterbridgeError `CLI_USAGE` with every problem: place, value, rule and fix
 */
export function readHints(file: string, source: string): Hints {
  const { tree, problems } = readTree(file, source, 'collector');
  const findings = { problems: [...problems], warnings: [] };
  const read = schema.read({ tree, keys: '' }, findings);
  if (read === wrong || findings.problems.length > 0) throw new MeterbridgeError('CLI_USAGE', findings.problems);
  return read;
}
