/**
 * The text between the first `}` of a string and the last `${` before it, so that inner references come first. Undefined: there
 * is none, or there is an escape (`$${`), after which the Collector looks no further.
 */
export function referenceIn(text: string): string | undefined {
  for (let from = 0; ; ) {
    const close = text.indexOf('}', from);
    if (close === -1) return undefined;
    const open = text.slice(from, close).lastIndexOf('${');
    if (open === -1) {
      from = close + 1;
      continue;
    }
    let dollars = 0;
    while (text[from + open - dollars - 1] === '$' && from + open - dollars > from) dollars++;
    return dollars % 2 === 1 ? undefined : text.slice(from + open + 2, close);
  }
}
