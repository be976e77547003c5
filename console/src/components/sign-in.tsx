import { useState } from 'preact/hooks';
import { sentenceOf } from '../api/problem';
import { signIn } from '../api/session';
import { t } from '../words/words';
import { Failure } from './notice';

/** A form that takes a token. It goes into a cookie that scripts cannot read, and stays nowhere else. */
export function SignIn({ lead }: { lead: string }) {
  const [token, setToken] = useState('');
  const [failure, setFailure] = useState<string>();
  const submit = async (event: Event): Promise<void> => {
    event.preventDefault();
    try {
      await signIn(token.trim());
    } catch (error) {
      setFailure(sentenceOf(error));
    }
  };
  return (
    <form class="sign-in card" onSubmit={(event) => void submit(event)}>
      <h1>Sagaworks</h1>
      <p>{lead}</p>
      {failure !== undefined && <Failure>{failure}</Failure>}
      <label>
        {t('token')}
        <input
          type="password"
          autocomplete="off"
          required
          value={token}
          onInput={(event) => setToken(event.currentTarget.value)}
        />
      </label>
      <button class="primary">{t('signIn')}</button>
    </form>
  );
}
