/** A page whose names are UTF-8 in quotes, in the syntax that every parser reads: `_2e_` stands for a dot in such a name. */

const inQuotes = String.raw`"((?:[^"\\]|\\.)*)"`;
const quotedName = new RegExp(String.raw`^\{${inQuotes}(?:,|(?=\}))`);
const metadata = new RegExp(`^(# (?:TYPE|HELP|UNIT) )${inQuotes}`);
const label = new RegExp(String.raw`(?:${inQuotes}|([^{,="]+))=("(?:[^"\\]|\\.)*")`, 'y');

export function unquoted(page: string): string {
  return page.split('\n').map(lineOf).join('\n');
}

function lineOf(line: string): string {
  if (line.startsWith('#')) return line.replace(metadata, (_, ahead: string, name: string) => ahead + plain(name));
  const named = line.replace(quotedName, (_, name: string) => `${plain(name)}{`);
  const [, ahead = '', rest = ''] = /^([^{ ]+\{)(.*)$/s.exec(named) ?? [];
  if (ahead === '') return named;
  const pairs: string[] = [];
  label.lastIndex = 0;
  for (let pair = label.exec(rest); pair !== null; pair = label.exec(rest)) {
    const [, quoted, bare, value] = pair;
    pairs.push(`${quoted === undefined ? bare : plain(quoted)}=${value}`);
    if (rest[label.lastIndex] !== ',') return `${ahead}${pairs.join(',')}${rest.slice(label.lastIndex)}`;
    label.lastIndex++;
  }
  return named;
}

function plain(text: string): string {
  const name = text.replace(/\\(.)/g, (_, char: string) => (char === 'n' ? '\n' : char));
  return name.replace(/^\d|\W/gu, (char) => `_${char.codePointAt(0)?.toString(16)}_`);
}
