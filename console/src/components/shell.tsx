import type { ComponentChildren } from 'preact';
import { sessionEnded } from '../api/client';
import { may, session, signOut } from '../api/session';
import { Link } from '../router';
import { t } from '../words/words';
import { Dialog } from './dialog';
import { Find } from './find';
import { Settings } from './settings';
import { Shortcuts } from './shortcuts';
import { SignIn } from './sign-in';

/** What surrounds every page. A session that ends is renewed above the page, which keeps what was entered. */
export const Shell = ({ children }: { children: ComponentChildren }) => (
  <>
    <a class="skip" href="#content">
      {t('skip')}
    </a>
    <header>
      <strong class="brand">Sagaworks</strong>
      <nav>
        {may('users:create') && <Link to="/demo">{t('demo')}</Link>}
        <Link to="/orders">{t('orders')}</Link>
        {may('ops:read') && <Link to="/stuck">{t('stuck')}</Link>}
        {may('ops:read') && <Link to="/audit">{t('audit')}</Link>}
      </nav>
      <Find />
      <div class="tools">
        <span class="role">{session.value?.role}</span>
        <Settings />
        <button onClick={() => void signOut()}>{t('signOut')}</button>
      </div>
    </header>
    <main id="content" tabIndex={-1}>
      {children}
    </main>
    <Shortcuts />
    {sessionEnded.value && (
      <Dialog title={t('signIn')}>
        <SignIn lead={t('sessionEnded')} />
      </Dialog>
    )}
  </>
);
