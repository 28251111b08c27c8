/**
 * A process for each test file costs more than most files' tests do: files of a folder share one, where neither they nor the
 * files of tests that they import touch what a process has once. Their tests run one after another, as in a process of their own.
 */
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative, sep } from 'node:path';
import { pathToFileURL } from 'node:url';

/** Processes and threads, what they are told, memory, global objects, hooks around each test, and limits of all servers. */
const onceInProcess = [
  /'node:(?:child_process|cluster|diagnostics_channel|perf_hooks|v8|worker_threads)'/,
  /\bprocess\.(?!env\.\w+(?! = | \?\?= )\b|arch|pid|platform|cwd|execPath|std\w+,|version|getuid)/,
  /\b(?:globalThis|global|syncBuiltinESMExports)\b|(?<!\bt\.)\bmock\./,
  /\bgc\(|setGlobal|registerHooks|registerInstrumentations/,
  /^(?:beforeEach|afterEach)\(|^(?:const .* = )?await /m,
  /\b(?:limitConnections|limitMemory|sharedMemory)\(/,
];
/** A folder with more files is divided into its folders. */
const mostInFolder = 40;

export interface Together extends Disposable {
  /** What to run: first those that stand for several. */
  readonly files: readonly string[];
  /** The files that one of those stands for. */
  members(file: string): readonly string[];
}

/** Of absolute paths. */
export function together(files: readonly string[]): Together {
  const folder = mkdtempSync(join(tmpdir(), 'meterbridge-tests-'));
  const groups = [...groupsOf(files.filter(sharesProcess))].filter(([, group]) => group.length > 1);
  const members = new Map(groups.map(([name, group]) => [join(folder, `${name.replaceAll(sep, '-')}.test.ts`), group]));
  for (const [path, group] of members) writeFileSync(path, group.map((file) => `import '${pathToFileURL(file)}';\n`).join(''));
  const inGroups = new Set(groups.flatMap(([, group]) => group));
  return Object.freeze({
    files: [...members.keys(), ...files.filter((file) => !inGroups.has(file))],
    members: (file: string) => members.get(file) ?? [file],
    [Symbol.dispose]: () => rmSync(folder, { recursive: true }),
  });
}

function groupsOf(files: readonly string[], depth = 1): ReadonlyMap<string, readonly string[]> {
  const folderOf = (file: string) => relative(import.meta.dirname, dirname(file)).split(sep);
  const folders = [...Map.groupBy(files, (file) => folderOf(file).slice(0, depth).join(sep))];
  const goesOn = (inIt: readonly string[]) => inIt.length > mostInFolder && inIt.some((file) => folderOf(file).length > depth);
  return new Map(
    folders.flatMap(([name, inIt]) =>
      goesOn(inIt) ? [...groupsOf(inIt, depth + 1)] : [[name, inIt] as [string, readonly string[]]],
    ),
  );
}

function sharesProcess(file: string): boolean {
  return [...withImports(file)].every((path) => !onceInProcess.some((touches) => touches.test(readFileSync(path, 'utf8'))));
}

/** The file and the files of tests that it imports, directly or not. */
function withImports(file: string, found = new Set<string>()): ReadonlySet<string> {
  if (found.has(file)) return found;
  found.add(file);
  for (const [, specifier = ''] of readFileSync(file, 'utf8').matchAll(/^(?:import|export|\} from)\b.*'(\.[^']+\.ts)'/gm)) {
    const path = join(dirname(file), specifier);
    if (path.startsWith(import.meta.dirname) && existsSync(path)) withImports(path, found);
  }
  return found;
}
