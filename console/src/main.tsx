import { render } from 'preact';
import { findSession, session } from './api/session';
import { SignIn } from './components/sign-in';
import { Shell } from './components/shell';
import { Pages } from './pages/pages';
import { t } from './words/words';
import './style.css';

function Console() {
  if (session.value === undefined) return <p class="waiting">{t('loading')}</p>;
  if (session.value === null) {
    return (
      <main>
        <SignIn lead={t('signInHint')} />
      </main>
    );
  }
  return (
    <Shell>
      <Pages />
    </Shell>
  );
}

const place = document.getElementById('console');
if (place) render(<Console />, place);
void findSession();
