/**
 * A table that stays one for assistive technology where a narrow window shows each row as a card (`page.css`): the roles say so.
 */
import { type Child, type Element, h, keyAttribute } from './node.ts';

export interface Column<Row> {
  readonly title: string;
  /** Set to the right, in digits of one width. */
  readonly numeric?: boolean;
  readonly cell: (row: Row) => Child;
}

export interface TableOptions<Row> {
  readonly caption: string;
  /** The first one names the row. */
  readonly columns: readonly Column<Row>[];
  readonly rows: readonly Row[];
  readonly key: (row: Row) => string;
  readonly tone?: (row: Row) => string | undefined;
}

export function tableOf<Row>({ caption, columns, rows, key, tone }: TableOptions<Row>): Element {
  const numeric = (column: Column<Row>) => (column.numeric === true ? 'numeric' : undefined);
  const head = columns.map((column) => h('th', { scope: 'col', role: 'columnheader', class: numeric(column) }, column.title));
  const body = rows.map((row) =>
    h(
      'tr',
      { role: 'row', [keyAttribute]: key(row), class: tone?.(row) },
      columns.map((column, index) =>
        index === 0
          ? h('th', { scope: 'row', role: 'rowheader' }, column.cell(row))
          : h('td', { role: 'cell', class: numeric(column), 'data-label': column.title }, column.cell(row)),
      ),
    ),
  );
  return h(
    'table',
    { role: 'table' },
    h('caption', {}, caption),
    h('thead', { role: 'rowgroup' }, h('tr', { role: 'row' }, head)),
    h('tbody', { role: 'rowgroup' }, body),
  );
}

/** What stands where a table would have no rows: what that means, and what to do. */
export function nothingYet(what: string, todo: Child): Element {
  return h('div', { class: 'empty' }, h('p', { class: 'empty-what' }, what), h('p', {}, todo));
}
