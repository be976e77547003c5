import { useState } from 'preact/hooks';
import { sentenceOf } from '../api/problem';
import { t } from '../words/words';
import { Failure } from './notice';

/** A button that says what it will do, asks once more, and then does it. */
export function Action(props: { name: string; does: string; act: () => Promise<unknown>; onDone: () => void }) {
  const { name, does, act, onDone } = props;
  const [state, setState] = useState<'idle' | 'asking' | 'acting'>('idle');
  const [failure, setFailure] = useState<string>();
  const run = async (): Promise<void> => {
    setState('acting');
    setFailure(undefined);
    try {
      await act();
      onDone();
    } catch (error) {
      setFailure(sentenceOf(error));
    } finally {
      setState('idle');
    }
  };
  return (
    <div class="action">
      {state === 'idle' ? (
        <button onClick={() => setState('asking')}>{name}</button>
      ) : (
        <div class="asking" role="group" aria-label={name}>
          <p>{does}</p>
          <button class="primary" disabled={state === 'acting'} onClick={() => void run()}>
            {name}: {t('confirm')}
          </button>
          <button disabled={state === 'acting'} onClick={() => setState('idle')}>
            {t('dismiss')}
          </button>
        </div>
      )}
      {failure !== undefined && <Failure>{failure}</Failure>}
    </div>
  );
}
