/** What is no record is looked at again only where it has changed. */
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { test } from 'node:test';
import { createFiles } from '../../../../src/library/processes/directory/files.ts';
import { folderFor } from '../../../folder-for.ts';
import { recordFile } from '../garbage.ts';

test('a file that is left out is not listed until it is another one', { skip: process.platform === 'win32' }, (t) => {
  const folder = folderFor(t);
  const path = folder('a.bin', 'no record');
  folder('b.bin', 'no record');
  folder('b.sock', '');
  const files = createFiles(folder('.'), () => folder('.'));
  assert.deepEqual([...files.list()].sort(), [
    ['a', { record: 'a.bin', hasSocket: false }],
    ['b', { record: 'b.bin', hasSocket: true }],
  ]);
  assert.equal(files.read('a.bin'), 'unreadable');
  assert.equal(files.read('b.bin'), 'unreadable');
  // Of who has a socket, that is left.
  const left = ({ record, hasSocket }: { record?: string | undefined; hasSocket: boolean }) => ({ record, hasSocket });
  const listed = () => [...files.list()].map(([id, one]) => [id, left(one)]);
  assert.deepEqual(listed(), [['b', { record: undefined, hasSocket: true }]]);
  // The directory has changed, the files have not.
  folder('c.slot', 'x');
  assert.deepEqual(listed(), [['b', { record: undefined, hasSocket: true }]]);
  assert.deepEqual([...files.unreadable().keys()].sort(), ['a.bin', 'b.bin']);
  writeFileSync(path, recordFile({}));
  folder('d.slot', 'x');
  assert.deepEqual(listed().sort(), [
    ['a', { record: 'a.bin', hasSocket: false }],
    ['b', { record: undefined, hasSocket: true }],
  ]);
  assert.equal(typeof files.read('a.bin'), 'object');
  assert.deepEqual([...files.unreadable().keys()], ['b.bin']);
});
