/** `meterbridge storage`: what a directory of `file_storage` or `--keep` holds, whether it is whole, and what can be saved of it. */
import { open } from 'node:fs/promises';
import { finished } from 'node:stream/promises';
import { type FoundLog, readLogs } from '../../collector/storage/inspect/read-logs.ts';
import { type Chosen, salvaged, sent } from '../../collector/storage/inspect/save.ts';
import { type Command, exitCodes, type Streams } from '../command.ts';
import { optionsHelp } from '../option.ts';
import { table } from '../table.ts';
import { usageError } from '../usage-error.ts';
import { parseStorageArguments, type StorageArguments, storageOptions, storageUsage } from './storage/arguments.ts';
import { findingsIn, rowsOf, statesOf } from './storage/report.ts';

/** For its owner, as the files that it comes from. */
const outputMode = 0o600;

export const storage: Command = Object.freeze({
  name: 'storage',
  usage: storageUsage,
  summary: 'Show what a directory of file_storage or --keep holds; check, save or send it. Takes no lock, and changes nothing.',
  help: () => `Usage: meterbridge ${storageUsage}

Reads a directory of the extension file_storage or of serve --keep, or a copy of one. A service may be using it: no lock is taken, and nothing is changed.

  DIR                 what waits for whom, since when and how much
  DIR verify          names each damaged file, and the place; exit code 1 if something is lost
  DIR salvage         writes the whole requests of damaged files as OTLP's JSON, one a line, as the Collector's otlp_json_file reads them
  DIR send URL        posts these requests over OTLP/HTTP; /v1/metrics is appended to the URL

${optionsHelp(storageOptions)}`,
  async run(args: readonly string[], streams: Streams): Promise<number> {
    const parsed = parseStorageArguments(args);
    const logs = chosenLogs(await logsOf(parsed.directory), parsed);
    switch (parsed.action) {
      case 'status':
        return showStatus(logs, parsed, streams);
      case 'verify':
        return verify(logs, streams);
      case 'salvage':
        return salvage(chosenRecords(logs, parsed), parsed, streams);
      default:
        return send(chosenRecords(logs, parsed), parsed, streams);
    }
  },
});

async function logsOf(directory: string): Promise<readonly FoundLog[]> {
  try {
    return await readLogs(directory);
  } catch (error) {
    throw usageError(
      'DIR',
      JSON.stringify(directory),
      `it is a directory that can be read (${String(error)})`,
      'name the directory of file_storage',
    );
  }
}

function chosenLogs(logs: readonly FoundLog[], { exporter }: StorageArguments): readonly FoundLog[] {
  if (exporter === undefined) return logs;
  const chosen = logs.filter((log) => log.exporter === exporter);
  const all = [...new Set(logs.map((log) => log.exporter))].join(', ') || 'there is none';
  if (chosen.length === 0)
    throw usageError('--exporter', JSON.stringify(exporter), 'the directory has files of it', `name one of these: ${all}`);
  return chosen;
}

function chosenRecords(logs: readonly FoundLog[], { all }: StorageArguments): readonly Chosen[] {
  return logs.flatMap((log) => [...log.live, ...log.others].filter(({ isAtRisk }) => all || isAtRisk).map((record) => ({ log, record })));
}

async function showStatus(logs: readonly FoundLog[], { format }: StorageArguments, { stdout, stderr }: Streams): Promise<number> {
  const states = await statesOf(logs);
  if (format === 'json') stdout.write(`${JSON.stringify(states, null, 2)}\n`);
  else if (states.length === 0) stderr.write('no file of meterbridge is there\n');
  else stdout.write(table(rowsOf(states)));
  return exitCodes.done;
}

function verify(logs: readonly FoundLog[], { stdout }: Streams): number {
  const { lines, isLost } = findingsIn(logs);
  stdout.write(table(lines.map((line) => [line])));
  return isLost ? exitCodes.failed : exitCodes.done;
}

async function salvage(chosen: readonly Chosen[], { output }: StorageArguments, { stdout, stderr }: Streams): Promise<number> {
  const file = output === undefined ? undefined : (await open(output, 'wx', outputMode)).createWriteStream();
  const { requests, points, unread } = await salvaged(chosen, file ?? stdout);
  file?.end();
  if (file !== undefined) await finished(file);
  stderr.write(
    `${requests} requests with ${points} points were written${unread > 0 ? `; ${unread} records are no requests, or have gone` : ''}\n`,
  );
  return unread > 0 ? exitCodes.failed : exitCodes.done;
}

async function send(chosen: readonly Chosen[], { url, headers }: StorageArguments, { stderr }: Streams): Promise<number> {
  const exporters = [...new Set(chosen.map(({ log }) => log.exporter))];
  if (exporters.length > 1)
    throw usageError('--exporter', 'nothing', 'requests of one exporter are sent at a time', `name one of these: ${exporters.join(', ')}`);
  const say = (line: string) => void stderr.write(table([[line]]));
  const { requests, points, unread, refused, left } = await sent(chosen, url as URL, headers, say);
  stderr.write(`${requests} requests with ${points} points were sent; ${refused} rejected, ${unread} unread, ${left} left\n`);
  return unread + refused + left > 0 ? exitCodes.failed : exitCodes.done;
}
