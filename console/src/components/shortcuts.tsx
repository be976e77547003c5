import { signal } from '@preact/signals';
import { navigate } from '../router';
import type { Word } from '../words/en';
import { t } from '../words/words';
import { Dialog } from './dialog';

const isShown = signal(false);

interface Shortcut {
  key: string;
  word: Word;
  act: () => void;
}

const shortcuts: readonly Shortcut[] = [
  { key: '/', word: 'keySearch', act: () => document.querySelector<HTMLInputElement>('#find')?.focus() },
  { key: 'd', word: 'keyDemo', act: () => navigate('/demo') },
  { key: 'o', word: 'keyOrders', act: () => navigate('/orders') },
  { key: 's', word: 'keyStuck', act: () => navigate('/stuck') },
  { key: 'a', word: 'keyAudit', act: () => navigate('/audit') },
  { key: '?', word: 'keyHelp', act: () => (isShown.value = true) },
];

addEventListener('keydown', (event) => {
  const isTyping = event.target instanceof Element && event.target.closest('input, textarea, select, dialog') !== null;
  if (isTyping || event.ctrlKey || event.metaKey || event.altKey) return;
  const shortcut = shortcuts.find(({ key }) => key === event.key);
  if (!shortcut) return;
  event.preventDefault();
  shortcut.act();
});

/** The list of keys, while `?` has opened it. */
export function Shortcuts() {
  if (!isShown.value) return null;
  const close = (): void => void (isShown.value = false);
  return (
    <Dialog title={t('shortcuts')} onClose={close}>
      <h2>{t('shortcuts')}</h2>
      <dl class="keys">
        {shortcuts.map(({ key, word }) => (
          <div key={key}>
            <dt>
              <kbd>{key}</kbd>
            </dt>
            <dd>{t(word)}</dd>
          </div>
        ))}
      </dl>
      <button onClick={close}>{t('close')}</button>
    </Dialog>
  );
}
