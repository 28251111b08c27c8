/** `meterbridge dashboards`: a Grafana dashboard of a contract. */
import type { Command, Streams } from '../command.ts';
import { contractFrom } from '../contract-source/contract-source.ts';
import { checkDestination, deliver, destinationHelp, destinationOptions } from '../generated-file.ts';
import { versionHelp } from '../hosts.ts';
import { builtInNames } from '../load-contract.ts';
import { ownContract } from '../own-contracts.ts';
import { parsedArguments } from '../parsed-arguments.ts';
import { usageError } from '../usage-error.ts';
import { lookedAt } from './check/exit-code.ts';

const USAGE = 'dashboards CONTRACT [--title TEXT] [--uid UID] [--out FILE | --check FILE]';

function help(): string {
  return `Usage: meterbridge ${USAGE}

Writes a Grafana dashboard (Grafana 11 or newer) in JSON: a row for each group of families, with rates of counters, quantiles of histograms, averages of
summaries, gauges by their unit, and what is running as a table. Its variables are the data source, job, instance, and the constant labels that the program
decides.

  CONTRACT           a built-in one (${builtInNames.join(', ')}), a .json file, or a module or an installed package
                     whose default export is a contract; ${versionHelp}
  --title TEXT       default: the contract's name
  --uid UID          what links and provisioning identify the dashboard by (default: meterbridge- and the contract's name)
${destinationHelp}`;
}

const options = { title: { type: 'string' }, uid: { type: 'string' }, ...destinationOptions } as const;

export const dashboards: Command = Object.freeze({
  name: 'dashboards',
  usage: USAGE,
  summary: 'Write a Grafana dashboard of a contract.',
  help,
  async run(args: readonly string[], streams: Streams): Promise<number> {
    return lookedAt(streams.stderr, async () => {
      const { name, values } = parse(args);
      const { contractDashboard, compactDashboard } = await import('../../generate/index.ts');
      const { title, uid } = values;
      const chosen = { ...(title !== undefined && { title }), ...(uid !== undefined && { uid }) };
      const own = await ownContract(name);
      const content =
        own === undefined
          ? contractDashboard(await contractFrom(name), chosen)
          : (await import('../own-generated.ts')).ownDashboard(own, chosen);
      return deliver(compactDashboard(content), values, streams, `meterbridge dashboards ${name}`);
    });
  },
});

function parse(args: readonly string[]) {
  const { values, positionals } = parsedArguments(args, options, USAGE);
  const [name, ...more] = positionals;
  if (name === undefined) throw usageError('CONTRACT', 'nothing', 'a contract is required', `meterbridge ${USAGE}`);
  if (more.length > 0)
    throw usageError('CONTRACT', positionals.join(' '), 'a dashboard is of one contract', `meterbridge ${USAGE}`);
  if (values.uid !== undefined && !/^[a-zA-Z0-9_-]{1,40}$/.test(values.uid)) {
    const rule = 'a uid has 1 to 40 letters, digits, - and _';
    throw usageError('--uid', JSON.stringify(values.uid), rule, 'leave it out for meterbridge- and the contract’s name');
  }
  checkDestination(values, USAGE);
  return { name, values };
}
