/** What a reload has changed, in words. */
import type { Node } from './nodes/node.ts';

export function changesBetween(before: readonly Node[], now: readonly Node[]): readonly string[] {
  const added = now.filter((node) => !before.includes(node));
  const gone = before.filter((node) => !now.includes(node));
  const isIn = (nodes: readonly Node[]) => (node: Node) => nodes.some(({ name }) => name === node.name);
  const lines = [
    line('replaced', added.filter(isIn(gone))),
    line(
      'added',
      added.filter((node) => !isIn(gone)(node)),
    ),
    line(
      'removed',
      gone.filter((node) => !isIn(added)(node)),
    ),
    `kept: ${now.length - added.length} of ${now.length}`,
  ];
  return lines.filter((one) => one !== '');
}

function line(what: string, nodes: readonly Node[]): string {
  return nodes.length === 0 ? '' : `${what}: ${nodes.map(({ name }) => name).join(', ')}`;
}
