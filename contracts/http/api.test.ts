import { expect, test } from '@jest/globals';
import { apiDescription } from './api';

const { examples, schemas } = apiDescription;

test.each(Object.keys(examples))('the example of %s is one', (name) => {
  expect(schemas[name]?.safeParse(examples[name])).toMatchObject({ success: true });
});
