/** A declaration's comment as Markdown: its text in one paragraph, then what it takes and throws. */
import ts from 'typescript-6';

export interface DocComment {
  readonly text: string;
  /** Of `@param`, `@returns` and `@throws`, in the order of the comment. */
  readonly tags: readonly { readonly name: string; readonly text: string }[];
}

export function docCommentOf(node: ts.Node): DocComment {
  const comments = ts.getJSDocCommentsAndTags(node).filter(ts.isJSDoc);
  const last = comments.at(-1);
  return {
    text: paragraph(ts.getTextOfJSDocComment(last?.comment) ?? ''),
    tags: (last?.tags ?? []).map((tag) => {
      const subject = ts.isJSDocParameterTag(tag) ? `\`${tag.name.getText()}\`: ` : '';
      return { name: tag.tagName.text, text: `${subject}${paragraph(textOf(tag))}`.trim() };
    }),
  };
}

/** TypeScript reads the first word behind `@throws` as the name of a type. */
function textOf(tag: ts.JSDocTag): string {
  return tag
    .getText()
    .replace(/^@\w+\s*/, '')
    .replaceAll(/\n\s*\*\s?/g, '\n')
    .replace(ts.isJSDocParameterTag(tag) ? tag.name.getText() : '', '')
    .replace(/^\s*-\s+/, '');
}

/** Names of pages become links, and those of errors lead to their section. */
function paragraph(text: string): string {
  return text
    .replaceAll(/\s*\n\s*/g, ' ')
    .trim()
    .replaceAll(/\bdocs\/(([a-z-]+)\.md(?:#[a-z-]+)?)/g, (_, path, name) => `[${name.replaceAll('-', ' ')}](${path})`)
    .replaceAll(/(?:MeterbridgeError )?`?\b([A-Z]{4,}(?:_[A-Z]+)+)\b`?/g, (found, code) =>
      /^(?:OTEL|METERBRIDGE|NODE|NO)_/.test(code) ? found : `[\`${code}\`](errors.md#${code.toLowerCase()})`,
    );
}
