import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { Connection } from '@temporalio/client';
import { required } from '../../tests/lib-support/required';
import { namespaceCommands, provisionNamespace } from './namespace';

let connection: Connection;
beforeAll(async () => {
  connection = await Connection.connect({ address: required('TEMPORAL_ADDRESS') });
});
afterAll(() => connection.close());

const wanted = { namespace: `test-${randomUUID()}`, retentionDays: 3, keywords: ['NoteStatus', 'NoteAuthor'] };

test('it makes what is missing, and what it has made is usable at once', async () => {
  const first = await provisionNamespace(connection, { ...wanted, keywords: ['NoteStatus'] });
  expect(first).toEqual([`namespace ${wanted.namespace}`, 'search attribute NoteStatus']);
  expect(await provisionNamespace(connection, wanted)).toEqual(['search attribute NoteAuthor']);
  expect(await provisionNamespace(connection, wanted)).toEqual([]);
  const { namespace } = wanted;
  const query = 'NoteStatus = "read" and NoteAuthor = "me"';
  await connection.workflowService.countWorkflowExecutions({ namespace, query });
});

test('the commands for an administrator name everything', () => {
  const text = namespaceCommands({ ...wanted, namespace: 'notes' }).join('\n');
  expect(text).toContain('namespace create --namespace notes --retention 72h');
  for (const name of wanted.keywords) expect(text).toContain(`--namespace notes --name ${name} --type Keyword`);
});
