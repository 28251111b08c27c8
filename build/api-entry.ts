/** One exported name in the API reference: what its comment says, its signature, and a table of its members. */
import ts from 'typescript-6';
import { docCommentOf } from './doc-comment.ts';

export function entryOf(name: string, nodes: readonly ts.Declaration[], checker: ts.TypeChecker): string {
  const described = nodes.map((node) => (ts.isVariableDeclaration(node) ? node.parent.parent : node));
  const text = described
    .map(docCommentOf)
    .map(({ text, tags }) => [text, tags.map(tagLine).join('\n')].filter((part) => part !== '').join('\n\n'))
    .filter((part) => part !== '')
    .join('\n\n');
  const signatures = described.map((node) => signatureOf(node, checker)).join('\n');
  const shown = /^interface \w+$/.test(signatures) ? '' : `\`\`\`typescript\n${signatures}\n\`\`\`\n`;
  const tables = nodes.filter((node) => ts.isInterfaceDeclaration(node) || ts.isClassDeclaration(node)).map(membersOf);
  return `### \`${name}\`\n\n${[text === '' ? '' : `${text}\n`, shown, ...tables].filter((part) => part !== '').join('\n')}`;
}

const labels: Readonly<Record<string, string>> = { returns: 'Returns ', throws: 'Throws ', default: 'Default: ' };
type Tag = { readonly name: string; readonly text: string };
const tagText = ({ name, text }: Tag): string => `${labels[name] ?? ''}${text.replace(/\.?$/, '.')}`;
const tagLine = (tag: Tag): string => `- ${tagText(tag)}`;

const printer = ts.createPrinter({ removeComments: true });
const print = (node: ts.Node): string =>
  printer
    .printNode(ts.EmitHint.Unspecified, node, node.getSourceFile())
    .replace(/^(?:export )?(?:default )?(?:declare )?/, '')
    .replaceAll(/\bimport\("[^"]+"\)\./g, '');

/** A type with members in a table shows its first line only, and one that is made of a value what it comes to. */
function signatureOf(node: ts.Node, checker: ts.TypeChecker): string {
  const text = print(node);
  if (ts.isTypeAliasDeclaration(node) && /\btypeof \w+/.test(text)) {
    const flags = ts.TypeFormatFlags.NoTruncation | ts.TypeFormatFlags.InTypeAlias;
    return `type ${node.name.text} = ${checker.typeToString(checker.getTypeFromTypeNode(node.type), node, flags)};`;
  }
  return (ts.isInterfaceDeclaration(node) || ts.isClassDeclaration(node)) && node.members.length > 0
    ? text.slice(0, text.indexOf(' {\n'))
    : text;
}

function membersOf(node: ts.InterfaceDeclaration | ts.ClassDeclaration): string {
  const rows = [...node.members].flatMap((member) => {
    if (ts.isConstructorDeclaration(member)) return [];
    const { text, tags } = docCommentOf(member);
    const said = [text, ...tags.map(tagText)].filter((part) => part !== '').join(' ');
    return [`| ${code(memberName(member))} | ${code(memberType(member))} | ${said.replaceAll('|', '\\|') || '–'} |`];
  });
  return rows.length === 0 ? '' : `| member | type | meaning |\n|---|---|---|\n${rows.join('\n')}\n`;
}

function memberName(member: ts.TypeElement | ts.ClassElement): string {
  const name = member.name?.getText() ?? '()';
  return `${name}${'questionToken' in member && member.questionToken !== undefined ? '?' : ''}`;
}

/** Of a property its type, of a method its parameters and what it returns. */
function memberType(member: ts.TypeElement | ts.ClassElement): string {
  if ((ts.isPropertySignature(member) || ts.isPropertyDeclaration(member)) && member.type !== undefined)
    return print(member.type);
  const text = print(member).replace(/;$/, '');
  const name = member.name?.getText();
  return name === undefined ? text : text.slice(text.indexOf(name) + name.length).replace(/^\?/, '');
}

function code(text: string): string {
  const [ticks, space] = text.includes('`') ? ['``', ' '] : ['`', ''];
  return `${ticks}${space}${text.replaceAll(/\s*\n\s*/g, ' ').replaceAll('|', '\\|')}${space}${ticks}`;
}
