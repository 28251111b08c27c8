/**
 * Tables of options in the pages, written from the declarations: `npm run api` writes what stands between two comments,
 *
 *     <!-- options: src/library/bridge/options.ts BridgeOptions -->
 *     <!-- end of options -->
 *
 * and a test compares it. A default is what the comment of an option says after "Default".
 */
import { globSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import ts from 'typescript-6';
import { docCommentOf } from './doc-comment.ts';

const root = join(import.meta.dirname, '..');
const marked = /^<!-- options: ([^\n]+) -->\n([\s\S]*?)^<!-- end of options -->$/gm;

/** The page with its tables as they are to be. */
export function withOptionTables(page: string, path: string): string {
  return page.replaceAll(marked, (_, places: string) => {
    const rows = places.split(', ').flatMap(rowsOf);
    const toRoot = dirname(path) === 'docs' ? '' : `${'../'.repeat(path.split('/').length - 1)}docs/`;
    const table = `| option | type | default | meaning |\n|---|---|---|---|\n${rows.join('\n')}`.replaceAll('](', `](${toRoot}`);
    return `<!-- options: ${places} -->\n${table}\n<!-- end of options -->`;
  });
}

/** `place`: a file and an interface in it, and `PREFIX.` where a page names its options so. */
function rowsOf(place: string): readonly string[] {
  const [file = '', name, prefix = ''] = place.split(' ');
  const source = parse(join(root, file));
  const found = source.statements.find(
    (node): node is ts.InterfaceDeclaration => ts.isInterfaceDeclaration(node) && node.name.text === name,
  );
  if (found === undefined) throw new Error(`${file} has no interface ${name}`);
  return found.members.filter(ts.isPropertySignature).map((member) => row(member, prefix, source));
}

function row(member: ts.PropertySignature, prefix: string, source: ts.SourceFile): string {
  const name = member.name.getText();
  const { text } = docCommentOf(member);
  const [, before = '', value = '–', after = ''] = /^(.*?)(?<=^|[.;] )Default:? (.*?)(?:[;.]\s+(.*)|\.?)$/.exec(text) ?? [
    undefined,
    text,
  ];
  const byDefault = member.questionToken === undefined ? 'required' : value.replace(/^(?:\d[\d,]*|true|false)$/, '`$&`');
  const meaning = `${before}${after.replace(/^[a-z]/, (letter) => letter.toUpperCase())}`.trim();
  return `| \`${prefix}${name}\` | ${typeOf(member, source)}${unitOf(name)} | ${byDefault} | ${cell(meaning)} |`;
}

const cell = (text: string): string => text.replaceAll(/(?<!\\)\|/g, '\\|') || '–';

function unitOf(name: string): string {
  if (name.endsWith('Ms')) return ', ms';
  return name.endsWith('Bytes') ? ', bytes' : '';
}

function typeOf(member: ts.PropertySignature, source: ts.SourceFile): string {
  const type = ts.isInterfaceDeclaration(member.parent) ? constraintOf(member.type, member.parent) : member.type;
  if (type === undefined) return '–';
  const literal =
    ts.isTypeReferenceNode(type) && type.typeArguments === undefined ? aliasOf(type.typeName.getText(), source) : undefined;
  const text = (literal ?? type.getText()).replaceAll(/\s+/g, ' ').replaceAll(' | (string & {})', ' | string');
  return `\`${text.replaceAll('|', '\\|')}\``;
}

/** A type parameter says less than what bounds it. */
function constraintOf(type: ts.TypeNode | undefined, { typeParameters }: ts.InterfaceDeclaration): ts.TypeNode | undefined {
  return typeParameters?.find(({ name }) => name.text === type?.getText())?.constraint ?? type;
}

/** The text of a type alias that is a union of strings: of this file, or of one that it imports. */
function aliasOf(name: string, source: ts.SourceFile): string | undefined {
  const own = source.statements.find((node) => ts.isTypeAliasDeclaration(node) && node.name.text === name);
  if (own !== undefined) {
    const text = (own as ts.TypeAliasDeclaration).type.getText();
    return /^'[^']*'(?: \| '[^']*')*$/.test(text) ? text : undefined;
  }
  const from = source.statements
    .filter(ts.isImportDeclaration)
    .find((node) => new RegExp(`\\b${name}\\b`).test(node.importClause?.getText() ?? ''));
  const specifier = from !== undefined && ts.isStringLiteral(from.moduleSpecifier) ? from.moduleSpecifier.text : '';
  return specifier.startsWith('.') && !specifier.endsWith('/index.ts')
    ? aliasOf(name, parse(join(dirname(source.fileName), specifier)))
    : undefined;
}

const parse = (path: string): ts.SourceFile =>
  ts.createSourceFile(path, readFileSync(path, 'utf8'), ts.ScriptTarget.Latest, true);

if (import.meta.filename === process.argv[1]) {
  for (const path of globSync('{docs,examples/*}/*.md', { cwd: root })) {
    const page = readFileSync(join(root, path), 'utf8');
    const written = withOptionTables(page, path);
    if (written !== page) writeFileSync(join(root, path), written);
  }
}
