/** What the reader does: opens a family, counts labels, copies a query, follows a link to a component. */
export interface Actions {
  openFamily(wanted: { readonly store: string; readonly name: string }): void;
  closeFamily(): void;
  countLabels(): void;
}

export function listenTo(actions: Actions): void {
  document.addEventListener('click', (event) => {
    if (event.defaultPrevented || event.button !== 0 || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    const target = event.target instanceof Element ? event.target.closest<HTMLElement>('a, button') : null;
    if (target !== null && act(target, actions)) event.preventDefault();
  });
  window.addEventListener('popstate', () => follow(actions));
  window.addEventListener('hashchange', showComponent);
  showComponent();
}

/** True: done here; the link is not followed. */
function act(target: HTMLElement, actions: Actions): boolean {
  const { family, store, copy } = target.dataset;
  if (family !== undefined && store !== undefined) {
    history.pushState(null, '', (target as HTMLAnchorElement).href);
    actions.openFamily({ store, name: family });
    return true;
  }
  if (target.dataset.closeFamily !== undefined) {
    history.pushState(null, '', (target as HTMLAnchorElement).href);
    actions.closeFamily();
    return true;
  }
  if (target.dataset.labels !== undefined) {
    actions.countLabels();
    return true;
  }
  if (copy === undefined) return false;
  void copied(copy, target);
  return true;
}

/** Back and forward. */
function follow({ openFamily, closeFamily }: Actions): void {
  const query = new URLSearchParams(location.search);
  const [store, name] = [query.get('store'), query.get('name')];
  if (store !== null && name !== null) openFamily({ store, name });
  else closeFamily();
}

/** A link to a component opens it. */
function showComponent(): void {
  const at = document.getElementById(location.hash.slice(1));
  if (at instanceof HTMLDetailsElement) at.open = true;
}

/** The next update of the page writes the button's text again. */
async function copied(text: string, button: HTMLElement): Promise<void> {
  try {
    await navigator.clipboard.writeText(text);
    button.textContent = 'Copied';
  } catch {
    // Over plain HTTP from another machine there is no clipboard: the query is selected, to be copied by hand.
    const code = button.previousElementSibling;
    if (code !== null) getSelection()?.selectAllChildren(code);
  }
}
