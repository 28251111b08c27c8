/** `meterbridge components`: lists the components of the service. */
import type { ComponentRow } from '../../../service/config/index.ts';
import { jsonText } from '../../check/report/json-text.ts';
import { type Command, exitCodes, type Streams } from '../command.ts';
import { componentsWith } from '../load-plugins.ts';
import { parsedOptions } from '../parsed-arguments.ts';
import { table } from '../table.ts';
import { usageError } from '../usage-error.ts';

const USAGE = 'components [--format table|json|markdown] [--plugin MODULE]…';
const options = { format: { type: 'string', short: 'f' }, plugin: { type: 'string', multiple: true } } as const;

export const components: Command = Object.freeze({
  name: 'components',
  usage: USAGE,
  summary: 'List the components of the service with their keys, defaults and states.',
  help: () => `Usage: meterbridge ${USAGE}

Lists the components of the service with their keys and defaults. A key is supported, or ignored (a warning), or not supported (an error).

  --format, -f       table (default), json (an array with one object a component), or markdown
  --plugin MODULE    a package, or a path that begins with ./, whose components are listed, too; may stand several times
`,
  async run(args: readonly string[], { stdout }: Streams): Promise<number> {
    const { format = 'table', plugin } = parsedOptions(args, options, USAGE);
    const { collectorReference, componentRows } = await import('../../../service/config/index.ts');
    const all = await componentsWith(plugin);
    if (format === 'json') stdout.write(jsonText(componentRows(all)));
    else if (format === 'markdown') stdout.write(collectorReference(all));
    else if (format === 'table') stdout.write(asTable(componentRows(all)));
    else throw usageError('--format', JSON.stringify(format), 'the format is table, json or markdown', 'use one of the three');
    return exitCodes.done;
  },
});

function asTable(rows: readonly ComponentRow[]): string {
  const body = rows.flatMap(({ kind, type, keys }) => [
    ...(keys.length === 0 ? [[kind, type, '-', '-', '-', '-']] : []),
    ...keys.map((row) => [kind, type, row.key, row.type || '-', row.default, row.state]),
  ]);
  return table([['KIND', 'TYPE', 'KEY', 'VALUE', 'DEFAULT', 'STATE'], ...body]);
}
