import { patched, upsertSearchAttributes } from '@temporalio/workflow';
import type { KeywordAttribute } from './kind';

/**
 * Shows in the list of workflows where a saga is. It travels with the next command and costs no round trip.
 * @param patch for sagas that were begun before this was shown: those go on without.
 */
export function showStatus(attribute: KeywordAttribute, status: string, { patch }: { patch?: string } = {}): void {
  if (patch === undefined || patched(patch)) upsertSearchAttributes([{ key: attribute, value: status }]);
}
