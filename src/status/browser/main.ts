/** Keeps the page up to date. What the server wrote stays until the first answers are here. */
import { page } from '../view/page.ts';
import type { PageData } from '../view/page-data.ts';
import { listenTo } from './actions.ts';
import { applyTick } from './apply-tick.ts';
import { ask } from './ask.ts';
import { patch } from './patch.ts';
import { createRefresh } from './refresh.ts';
import { followEvents } from './stream.ts';

const root = document.getElementById('page');
const [status, graph] = await Promise.all([ask('status'), ask('graph')]);
if (root !== null && typeof status === 'object' && typeof graph === 'object')
  await run(root, { status, now: status.at, graph, live: 'live' });

async function run(element: HTMLElement, first: PageData): Promise<void> {
  let data = first;
  // Nothing is drawn until every part is here: parts that came one by one would move what is read.
  let drawing = true;

  /** Several changes at once are one picture. */
  function change(part: Partial<PageData>): void {
    data = { ...data, ...part };
    if (drawing) return;
    drawing = true;
    requestAnimationFrame(draw);
  }

  function draw(): void {
    drawing = false;
    patch(element, page(data));
  }

  const refresh = createRefresh(() => data, change);
  const query = new URLSearchParams(location.search);
  const [store, name] = [query.get('store'), query.get('name')];
  if (store !== null && name !== null) data = { ...data, family: { store, name } };
  if (query.has('labels')) await countLabels();
  await refresh.all();
  draw();
  document.documentElement.classList.add('live');

  async function countLabels(): Promise<void> {
    const labels = await ask('labels');
    if (typeof labels === 'object') change({ labels });
  }

  listenTo({
    openFamily(family) {
      change({ family });
      void refresh.family();
      requestAnimationFrame(() => document.getElementById('family')?.focus());
    },
    closeFamily: () => change({ family: undefined }),
    countLabels: () => void countLabels(),
  });
  followEvents({
    onTick(tick) {
      change(applyTick(data, tick));
      refresh.onTick(tick);
    },
    onResume: () => void refresh.all(),
    onPause: () => change({ live: 'paused' }),
    onLost: () => change({ live: 'lost' }),
  });
}
