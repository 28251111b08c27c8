/**
 * `npm run api`: writes the package's public surface to `api-report.txt`, so that a change of it is seen in review. For each
 * entry point its exported names, then every declaration that they reach, without comments. The order is by name, whatever file a
 * declaration lives in.
 */
import { writeFileSync } from 'node:fs';
import { join, sep } from 'node:path';
import ts from 'typescript-6';
import { entryPoints } from './reachable.ts';

/** `root`: the package's folder, with `dist`. */
export function apiReport(root: string): string {
  const entries = [...entryPoints(root)].sort(([a], [b]) => (a < b ? -1 : 1));
  const options = { module: ts.ModuleKind.NodeNext, target: ts.ScriptTarget.ES2024, noEmit: true, types: [] };
  const program = ts.createProgram(
    entries.map(([, path]) => path),
    options,
  );
  const checker = program.getTypeChecker();
  const own = join(root, 'dist') + sep;
  const found = new Set<ts.Symbol>();
  const add = (symbol: ts.Symbol): ts.Symbol => {
    const target = symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol;
    if (declarationsOf(target).some((node) => node.getSourceFile().fileName.startsWith(own))) found.add(target);
    return target;
  };

  const lists = entries.map(([specifier, path]) => {
    const source = program.getSourceFile(path);
    const module = source && checker.getSymbolAtLocation(source);
    if (module === undefined) throw new Error(`${path} is no module: run npm run build first`);
    const names = checker.getExportsOfModule(module).map((symbol) => {
      const target = add(symbol);
      return symbol.name === target.name ? symbol.name : `${symbol.name} (${target.name})`;
    });
    return `${specifier}\n${names
      .sort()
      .map((name) => `  ${name}\n`)
      .join('')}`;
  });
  // Grows while it is walked.
  for (const symbol of found) {
    for (const node of declarationsOf(symbol)) {
      visit(node, (name) => {
        const named = checker.getSymbolAtLocation(name);
        if (named !== undefined) add(named);
      });
    }
  }
  const declarations = [...found].flatMap((symbol) => declarationsOf(symbol).map(textOf)).sort();
  return `${lists.join('\n')}\n${declarations.join('\n\n')}\n`;
}

/** Declarations at the top of a file; what is inside of one is part of its text. */
function declarationsOf(symbol: ts.Symbol): readonly ts.Node[] {
  return (symbol.declarations ?? [])
    .map((node) => (ts.isVariableDeclaration(node) ? node.parent.parent : node))
    .filter((node) => ts.isSourceFile(node.parent) && !ts.isImportDeclaration(node));
}

function visit(node: ts.Node, see: (name: ts.Identifier) => void): void {
  if (ts.isIdentifier(node)) see(node);
  ts.forEachChild(node, (child) => visit(child, see));
}

const printer = ts.createPrinter({ removeComments: true });

function textOf(node: ts.Node): string {
  const text = printer.printNode(ts.EmitHint.Unspecified, node, node.getSourceFile());
  return text
    .replace(/^(?:export )?(?:default )?(?:declare )?/, '')
    .replaceAll(/\bimport\("\.[^"]+"\)\./g, '')
    .replaceAll(', }', ' }');
}

if (import.meta.filename === process.argv[1]) {
  writeFileSync(join(import.meta.dirname, 'api-report.txt'), apiReport(join(import.meta.dirname, '..')));
}
