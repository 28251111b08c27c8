/** `meterbridge rules`: Prometheus alerts that follow from a contract, and what proves them. */
import { writeFileSync } from 'node:fs';
import { dirname, relative, resolve } from 'node:path';
import type { ContractRules } from '../../generate/index.ts';
import type { Command, Streams } from '../command.ts';
import { contractFrom } from '../contract-source/contract-source.ts';
import { checkDestination, deliver, destinationHelp, destinationOptions } from '../generated-file.ts';
import { hostNameOf, versionHelp } from '../hosts.ts';
import { builtInNames } from '../load-contract.ts';
import { ownContract } from '../own-contracts.ts';
import { parsedArguments } from '../parsed-arguments.ts';
import { usageError } from '../usage-error.ts';
import { lookedAt } from './check/exit-code.ts';

const USAGE = 'rules CONTRACT [--job NAME] [--pushed] [--self-metrics] [--out FILE [--tests FILE] | --check FILE]';

function help(): string {
  return `Usage: meterbridge ${USAGE}

Writes a Prometheus rule file with the alerts that follow from a contract: a target or a family that is absent, a label that has almost as many values
as its limit, and measurements that were refused or recorded under another label value.

  CONTRACT           a built-in one (${builtInNames.join(', ')}), a .json file, or a module or an installed package
                     whose default export is a contract; ${versionHelp}
  --job NAME         the job of the targets (default: the contract's name; of serve: meterbridge; of http, meterbridge and runtime: every job,
                     without alerts on absent targets)
  --pushed           Prometheus receives the metrics instead of scraping them, so nothing asks for up
  --self-metrics     the program shows meterbridge_* (selfMetrics: true): alerts on them, too
  --tests FILE       also write what promtool test rules plays to the file of --out
${destinationHelp}`;
}

const options = {
  job: { type: 'string' },
  pushed: { type: 'boolean' },
  'self-metrics': { type: 'boolean' },
  tests: { type: 'string' },
  ...destinationOptions,
} as const;

type Values = ReturnType<typeof parse>['values'];

export const rules: Command = Object.freeze({
  name: 'rules',
  usage: USAGE,
  summary: 'Write Prometheus alerts that follow from a contract, and their tests.',
  help,
  async run(args: readonly string[], streams: Streams): Promise<number> {
    return lookedAt(streams.stderr, async () => {
      const { name, values } = parse(args);
      const content = await contentOf(name, values);
      const { ruleFile, ruleTestFile } = await import('../../generate/index.ts');
      const { out, tests } = values;
      if (out !== undefined && tests !== undefined) {
        const path = relative(dirname(resolve(tests)), resolve(out));
        writeFileSync(tests, ruleTestFile(path, content.alerts, `For promtool test rules. ${content.comment}`));
      }
      return deliver(ruleFile(content), values, streams, `meterbridge rules ${name}`);
    });
  },
});

async function contentOf(name: string, { job, pushed, 'self-metrics': selfMetrics }: Values): Promise<ContractRules> {
  const given = {
    ...(job !== undefined && { job }),
    ...(pushed !== undefined && { pushed }),
    ...(selfMetrics !== undefined && { selfMetrics }),
  };
  const own = await ownContract(name);
  if (own !== undefined) return (await import('../own-generated.ts')).ownRules(name, own, given);
  const contract = await contractFrom(name);
  const { contractRules } = await import('../../generate/index.ts');
  return contractRules(contract, { job: hostNameOf(name) ?? contract.name, ...given });
}

function parse(args: readonly string[]) {
  const { values, positionals } = parsedArguments(args, options, USAGE);
  const [name, ...more] = positionals;
  if (name === undefined) throw usageError('CONTRACT', 'nothing', 'a contract is required', `meterbridge ${USAGE}`);
  if (more.length > 0)
    throw usageError('CONTRACT', positionals.join(' '), 'a rule file is of one contract', `meterbridge ${USAGE}`);
  if (values.tests !== undefined && values.out === undefined) {
    const rule = 'a test file names the rule file, so it needs --out';
    throw usageError('--tests', JSON.stringify(values.tests), rule, `meterbridge ${USAGE}`);
  }
  checkDestination(values, USAGE);
  return { name, values };
}
