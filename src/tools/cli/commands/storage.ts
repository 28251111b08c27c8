/**
 * `meterbridge storage`: what a directory of `file_storage` or `--keep` holds, whether it is whole, and what can be saved of it.
 */
import { type FileHandle, open } from 'node:fs/promises';
import { finished } from 'node:stream/promises';
import { type FoundLog, readLogs } from '../../../service/storage/inspect/read-logs.ts';
import { type Chosen, salvaged, sent } from '../../../service/storage/inspect/save.ts';
import { jsonText } from '../../check/report/json-text.ts';
import { type Command, exitCodes, type Streams } from '../command.ts';
import { optionsHelp } from '../option.ts';
import { table } from '../table.ts';
import { usageError } from '../usage-error.ts';
import { parseStorageArguments, type StorageArguments, storageOptions, storageUsage } from './storage/arguments.ts';
import { findingsIn, lineOf, rowsOf, statesOf } from './storage/report.ts';

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
    const all = await logsOf(parsed.directory);
    const logs = chosenLogs(all, parsed);
    const say = (line: string) => void streams.stderr.write(table([[line]]));
    if (all.length === 0) say('no file of file_storage or --keep is there (meterbridge-….segment)');
    if (parsed.action === 'verify') return verify(logs, streams);
    const unread = findingsIn(logs).filter(({ isUnread }) => isUnread);
    for (const finding of unread) say(lineOf(finding));
    const code = await done(logs, parsed, streams, say);
    return unread.length > 0 ? exitCodes.failed : code;
  },
});

function done(
  logs: readonly FoundLog[],
  parsed: StorageArguments,
  streams: Streams,
  say: (line: string) => void,
): Promise<number> {
  switch (parsed.action) {
    case 'salvage':
      return salvage(chosenRecords(logs, parsed), parsed, streams, say);
    case 'send':
      return send(chosenRecords(logs, parsed), parsed, say);
    default:
      return showStatus(logs, parsed, streams);
  }
}

async function logsOf(directory: string): Promise<readonly FoundLog[]> {
  try {
    return await readLogs(directory);
  } catch (error) {
    throw usageError(
      'DIR',
      JSON.stringify(directory),
      `it is a directory that can be read (${String(error)})`,
      'name the directory of file_storage or --keep, and run this as the user of the service',
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
  return logs.flatMap((log) =>
    [...log.live, ...log.others].filter(({ isAtRisk }) => all || isAtRisk).map((record) => ({ log, record })),
  );
}

async function showStatus(logs: readonly FoundLog[], { format }: StorageArguments, { stdout }: Streams): Promise<number> {
  const states = await statesOf(logs);
  if (format === 'json') stdout.write(jsonText(states));
  else if (states.length > 0) stdout.write(table(rowsOf(states)));
  return exitCodes.done;
}

function verify(logs: readonly FoundLog[], { stdout }: Streams): number {
  const findings = findingsIn(logs);
  stdout.write(table(findings.map((finding) => [lineOf(finding)])));
  return findings.some(({ lostBytes }) => lostBytes !== undefined) ? exitCodes.failed : exitCodes.done;
}

/** What to do where nothing is chosen: most directories are whole. */
const hintOf = (chosen: readonly Chosen[], { all }: StorageArguments) =>
  chosen.length === 0 && !all ? '; no file is damaged, and --all takes what waits' : '';

async function salvage(
  chosen: readonly Chosen[],
  parsed: StorageArguments,
  { stdout }: Streams,
  say: (line: string) => void,
): Promise<number> {
  const file = parsed.output === undefined ? undefined : await newFile(parsed.output);
  const { requests, points, unread } = await salvaged(chosen, file ?? stdout);
  file?.end();
  if (file !== undefined) await finished(file);
  const more = unread > 0 ? `; ${unread} records are no requests, or have gone` : '';
  say(`${requests} requests with ${points} points were written${more}${hintOf(chosen, parsed)}`);
  return unread > 0 ? exitCodes.failed : exitCodes.done;
}

async function newFile(path: string): Promise<ReturnType<FileHandle['createWriteStream']>> {
  try {
    return (await open(path, 'wx', outputMode)).createWriteStream();
  } catch (error) {
    throw usageError(
      '--output',
      JSON.stringify(path),
      `it is a new file that can be made (${String(error)})`,
      'name another one',
    );
  }
}

async function send(chosen: readonly Chosen[], parsed: StorageArguments, say: (line: string) => void): Promise<number> {
  const exporters = [...new Set(chosen.map(({ log }) => log.exporter))];
  if (exporters.length > 1)
    throw usageError(
      '--exporter',
      'nothing',
      'requests of one exporter are sent at a time',
      `name one of these: ${exporters.join(', ')}`,
    );
  const { requests, points, unread, refused, left } = await sent(chosen, parsed.url as URL, parsed.headers, say);
  say(
    `${requests} requests with ${points} points were sent; ${refused} rejected, ${unread} unread, ${left} left${hintOf(chosen, parsed)}`,
  );
  return unread + refused + left > 0 ? exitCodes.failed : exitCodes.done;
}
