import { computed, signal } from '@preact/signals';
import type { ComponentChildren } from 'preact';

export const base = '/console';
const here = (): string => location.pathname.slice(base.length) || '/';

const path = signal(here());
const search = signal(location.search);

/** The page that the address names, without what stands before it: `/orders`. */
export const currentPath = computed(() => path.value);
export const currentQuery = computed(() => new URLSearchParams(search.value));

function follow(): void {
  path.value = here();
  search.value = location.search;
}
addEventListener('popstate', follow);

/** Opens a page; `replace` leaves no entry in the history, for filters. */
export function navigate(to: string, replace = false): void {
  if (replace) history.replaceState(null, '', base + to);
  else history.pushState(null, '', base + to);
  follow();
  if (!replace) window.scrollTo(0, 0);
}

/** A link to a page of the console; with a modifier the browser opens it itself. */
export function Link({ to, children, ...rest }: { to: string; class?: string; children: ComponentChildren }) {
  const isCurrent = to === currentPath.value;
  const open = (event: MouseEvent): void => {
    if (event.metaKey || event.ctrlKey || event.shiftKey || event.button !== 0) return;
    event.preventDefault();
    navigate(to);
  };
  return (
    <a href={base + to} onClick={open} {...(isCurrent ? { 'aria-current': 'page' } : {})} {...rest}>
      {children}
    </a>
  );
}
