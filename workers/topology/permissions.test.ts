import { expect, test } from '@jest/globals';
import { brokerPermissions, permissionsOf } from './permissions';

test('a consumer may send what fails to the delays that are configured, and to no others', () => {
  const ordinary = permissionsOf('orders').write;
  expect(ordinary).toContain('retry-after-1000ms');
  const write = brokerPermissions([250, 500])['orders']?.write;
  expect(write).toMatch(/retry-after-250ms\|retry-after-500ms/);
  expect(write).not.toContain('retry-after-1000ms');
});
