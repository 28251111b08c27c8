/** The regular expressions of a source file. Pure: text in, expressions out. */
import ts from 'typescript-6';

export interface Expression {
  readonly source: string;
  readonly flags: string;
  /** File and line. */
  readonly at: string;
}

export interface Expressions {
  readonly literals: readonly Expression[];
  /** File and line of each `RegExp(…)`: what it makes is known when it runs. */
  readonly made: readonly string[];
}

export function expressionsIn(file: string, text: string): Expressions {
  const tree = ts.createSourceFile(file, text, ts.ScriptTarget.Latest);
  const literals: Expression[] = [];
  const made: string[] = [];
  const visit = (node: ts.Node): void => {
    const at = `${file}:${tree.getLineAndCharacterOfPosition(node.getStart(tree)).line + 1}`;
    if (ts.isRegularExpressionLiteral(node)) {
      const end = node.text.lastIndexOf('/');
      literals.push({ source: node.text.slice(1, end), flags: node.text.slice(end + 1), at });
    }
    if ((ts.isNewExpression(node) || ts.isCallExpression(node)) && node.expression.getText(tree) === 'RegExp') made.push(at);
    ts.forEachChild(node, visit);
  };
  visit(tree);
  return { literals, made };
}
