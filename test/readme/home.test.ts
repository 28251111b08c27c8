/** npm's page names the project's public place where there is one, and no made-up one where there is none. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { home, placesOf } from '../../build/home.ts';
import { pageText } from './pages.ts';

const { homepage, repository, bugs } = JSON.parse(pageText('package.json'));
const given = Object.fromEntries(Object.entries({ homepage, repository, bugs }).filter(([, value]) => value !== undefined));

test('package.json has the places of build/home.ts, and no other', () => assert.deepEqual(given, placesOf(home)));

test('without a public place, README.md says where its links work', () => {
  if (home === undefined) assert.match(pageText('README.md'), /node_modules\/meterbridge\/docs\//);
});

test('an address becomes three fields', () =>
  assert.deepEqual(placesOf('https://git.example/team/meterbridge'), {
    homepage: 'https://git.example/team/meterbridge#readme',
    repository: { type: 'git', url: 'git+https://git.example/team/meterbridge.git' },
    bugs: { url: 'https://git.example/team/meterbridge/issues' },
  }));
