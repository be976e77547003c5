import { expect, test } from '@jest/globals';
import { bareId } from './find-order';

const id = '0192f3a0-0000-7000-8000-00000000000a';
const trace = '4bf92f3577b34da6a3ce929d0e0e4736';

test.each([
  [id, id],
  [` ${id.toUpperCase()} `, id],
  [`order/${id}`, id],
  [`return/${id}`, id],
  [`order/${id}/capture`, id],
  [`order-${id}`, id],
  [`<${id}@sagaworks.invalid>`, id],
  [trace, trace],
  [`00-${trace}-00f067aa0ba902b7-01`, trace],
  ['request-17', 'request-17'],
])('what is pasted as %p is looked up as %p', (text, bare) => expect(bareId(text)).toBe(bare));
