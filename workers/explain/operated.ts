import type { AuditEntry } from '../../lib/operations/store';
import type { Happening } from './happening';
import { stepWords } from './step-words';

/** What an operator's action says in words; other actions are named as the audit log names them. */
const said: Readonly<Record<string, string>> = {
  'saga retry': 'try again',
  'saga skip': 'skip it',
  'saga resolve': 'settled by hand',
};

/** What operators did to an order, its saga or its e-mails. What they wrote for the customer is not repeated. */
export function operated({ time, actor, action, request, outcome }: AuditEntry): Happening {
  const { step, reason, note, decision } = (request ?? {}) as Partial<Record<string, string>>;
  const why = reason ?? note;
  const { error } = (typeof outcome === 'object' && outcome !== null ? outcome : {}) as { error?: string };
  return {
    at: time,
    source: 'operator',
    kind: action,
    text: `${wordsFor(action, step, decision)}${error === undefined ? '' : `, which was refused: ${error}`}`,
    actor,
    ...(why === undefined ? {} : { why }),
  };
}

function wordsFor(action: string, step: string | undefined, decision: string | undefined): string {
  const done = said[action];
  if (done !== undefined && step !== undefined) return `An operator decided about "${stepWords(step)}": ${done}`;
  if (action === 'saga restart') return 'An operator restarted the saga';
  if (action === 'order review') return `An operator ${decision === 'approve' ? 'approved' : 'rejected'} the order`;
  return `An operator did: ${action}`;
}
