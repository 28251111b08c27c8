/**
 * `npm run api`: writes `docs/api.md` from the declarations in `dist`. For each entry point, every exported function with its
 * signature, every exported type with its members, and what the comments in the source say of them. A name that several entry
 * points export stands at the first.
 */
import { writeFileSync } from 'node:fs';
import { join, sep } from 'node:path';
import ts from 'typescript-6';
import { entryOf } from './api-entry.ts';
import { entryPoints } from './reachable.ts';

/** In the order in which a reader needs them; those that no program imports are left out, and so are the five hosts. */
const order = [
  '',
  '/fastify',
  '/http-metrics',
  '/runtime-metrics',
  '/prom-client',
  '/access',
  '/testing',
  '/sdk',
  '/host',
  '/yaml',
  '/collector',
];

const head = `# API reference

Every name that the package exports, with its type. \`npm run api\` writes this page from the declarations. To begin, read [the quick start](quick-start.md),
[the contract](contract.md) and [recording](recording.md) instead. \`meterbridge/instrumentation/…\` has a page for each host, such as
[RunWisp](../examples/runwisp/README.md).
`;

/** `root`: the package's folder, with `dist`. */
export function apiReference(root: string): string {
  const paths = entryPoints(root);
  const entries = order.map((name) => [`meterbridge${name}`, paths.get(`meterbridge${name}`) ?? missing(name)] as const);
  const program = ts.createProgram(
    entries.map(([, path]) => path),
    { module: ts.ModuleKind.NodeNext, target: ts.ScriptTarget.ES2024, noEmit: true, types: [] },
  );
  const checker = program.getTypeChecker();
  const shown = new Map<ts.Symbol, string>();
  const sections = entries.map(([name, path]) => {
    const source = program.getSourceFile(path) ?? missing(path);
    const exported = checker.getExportsOfModule(checker.getSymbolAtLocation(source) ?? missing(path));
    const own = exported
      .map((symbol) => ({ name: symbol.name, target: targetOf(symbol, checker) }))
      .filter(({ target }) => !shown.has(target));
    for (const { name, target } of own) shown.set(target, name);
    return { name, own, introduction: introduction(source) };
  });
  const others = reached([...shown.keys()], join(root, 'dist') + sep, checker).map((target) => ({ name: target.name, target }));
  const rest = {
    name: 'Types that others name',
    own: others,
    introduction: 'No entry point exports these; they stand in the types above.\n\n',
  };
  const renamed = [...shown].filter(([{ name }, shownAs]) => name !== shownAs && name !== 'default');
  const all = [...sections, rest].map(({ name, own, introduction }) => {
    const sorted = own.sort((a, b) => rank(a.target) - rank(b.target) || (a.name < b.name ? -1 : 1));
    const texts = sorted.map(({ name, target }) => entryOf(name, target.declarations ?? [], checker));
    return `## ${name}\n\n${introduction}${texts.join('\n')}`;
  });
  const list = sections.map(({ name, introduction }) => {
    const [first = ''] = introduction.split(/(?<=\.)\s/);
    return `- [\`${name}\`](#${name.replaceAll('/', '')})${first === '' ? '' : `: ${first}`}`;
  });
  return renamed.reduce(
    (page, [{ name }, shownAs]) => page.replaceAll(new RegExp(`\\b${name}\\b`, 'g'), shownAs),
    `${head}\n${list.join('\n')}\n\n${all.join('\n')}`,
  );
}

function missing(what: string): never {
  throw new Error(`${what} is not there: run npm run build first`);
}

const targetOf = (symbol: ts.Symbol, checker: ts.TypeChecker): ts.Symbol =>
  symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol;

/** Functions, then everything else. */
const rank = ({ declarations }: ts.Symbol): number => (declarations?.some(ts.isFunctionDeclaration) ? 0 : 1);

/** The types of the package that these name; not what those name in turn, which is the package's own business. */
function reached(from: readonly ts.Symbol[], own: string, checker: ts.TypeChecker): readonly ts.Symbol[] {
  const found = new Set<ts.Symbol>();
  const visit = (node: ts.Node): void => {
    const named = ts.isIdentifier(node) ? checker.getSymbolAtLocation(node) : undefined;
    const target = named && targetOf(named, checker);
    const isType = target?.declarations?.some(
      (node) =>
        (ts.isInterfaceDeclaration(node) || ts.isTypeAliasDeclaration(node)) && node.getSourceFile().fileName.startsWith(own),
    );
    if (target !== undefined && isType) found.add(target);
    ts.forEachChild(node, visit);
  };
  for (const symbol of from) for (const node of symbol.declarations ?? []) visit(node);
  return [...found].filter((symbol) => !from.includes(symbol));
}

/** What the first comment of an entry point says, behind its name. */
function introduction(source: ts.SourceFile): string {
  const comment =
    /^\/\*\*([\s\S]*?)\*\//
      .exec(source.text)?.[1]
      ?.replaceAll(/\s*\n\s*\*\s?/g, ' ')
      .trim() ?? '';
  const said = comment.replace(/^`[^`]+`(?::|,)?\s*/, '');
  return said === '' || said === 'the main entry point.' ? '' : `${said.charAt(0).toUpperCase()}${said.slice(1)}\n\n`;
}

if (import.meta.filename === process.argv[1]) {
  const root = join(import.meta.dirname, '..');
  writeFileSync(join(root, 'docs/api.md'), apiReference(root));
}
