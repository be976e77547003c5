import { useState } from 'preact/hooks';
import { get } from '../api/client';
import { RequestRefused, sentenceOf } from '../api/problem';
import { navigate } from '../router';
import { t } from '../words/words';

/** Opens the order with an id; `/` focuses it. */
export function Find() {
  const [text, setText] = useState('');
  const [failure, setFailure] = useState<string>();
  const submit = async (event: Event): Promise<void> => {
    event.preventDefault();
    const id = text.trim();
    if (id === '') return;
    try {
      const { orderId } = await get<{ orderId: string }>(`/orders/${encodeURIComponent(id)}`);
      setText('');
      setFailure(undefined);
      navigate(`/orders/${orderId}`);
    } catch (error) {
      const isUnknown = error instanceof RequestRefused && [400, 404].includes(error.problem.status);
      setFailure(isUnknown ? t('findFailed') : sentenceOf(error));
    }
  };
  return (
    <form role="search" class="find" onSubmit={(event) => void submit(event)}>
      <input
        id="find"
        aria-label={t('find')}
        placeholder={`${t('findHint')}  ( / )`}
        value={text}
        onInput={(event) => setText(event.currentTarget.value)}
      />
      {failure !== undefined && <span role="alert">{failure}</span>}
    </form>
  );
}
