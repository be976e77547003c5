import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { allPages, blocksOf, type Block } from './pages';
import { openLecture, read, type Lecture } from './reader';

let lecture: Lecture;
beforeAll(async () => {
  lecture = await openLecture();
}, 180_000);
afterAll(() => lecture.stop());

test('the sample orders are placed by the first start; a later one finds them', async () => {
  const first = await lecture.start();
  expect(first.map(({ isNew, order }) => [isNew, order.status])).toEqual([
    [true, 'confirmed'],
    [true, 'cancelled'],
    [true, 'cancelled'],
  ]);
  const second = await lecture.start();
  expect(second.map(({ isNew, order }) => [isNew, order.orderId])).toEqual(
    first.map(({ order }) => [false, order.orderId]),
  );
}, 120_000);

/** Those that start the platform themselves have a test of their own, tutorials.test.ts. */
const pages = allPages()
  .map((page) => ({ page, blocks: blocksOf(page) }))
  .filter(({ blocks }) => !blocks.some(({ mark }) => mark?.is === 'start'))
  .map(({ page, blocks }) => ({ page, blocks: blocks.filter(({ mark }) => mark?.is === 'run') }))
  .filter(({ blocks }) => blocks.length > 0);

test.each(pages)(
  'what $page tells a reader to run works',
  async ({ blocks }) => {
    const { code, out } = await read(blocks, lecture);
    expect({ code, out: code === 0 ? '' : out.slice(-5_000) }).toEqual({ code: 0, out: '' });
  },
  300_000,
);

const block = (code: string): Block => ({
  page: 'a.md',
  line: 1,
  language: 'sh',
  mark: { is: 'run' },
  code,
  frame: '…',
});

test.each([
  ['fails', 'false', 'true'],
  ['uses a variable that no block has set', 'echo "$NONE"', 'true'],
  [
    'is answered with an error',
    `URL=$(node -p "require('./.sagaworks/stack.json').apiUrl")`,
    'curl -s "$URL/orders/none"',
  ],
  ['needs what a bare machine has not', 'uuidgen', 'true'],
])('a command that %s ends the reading of its page', async (_, first, second) => {
  const { code } = await read([block(first), block(second)], lecture);
  expect(code).not.toBe(0);
});

test('sagaworks run serves with the settings that npm start has left, beside it', async () => {
  const { code, out } = await read(
    [
      block(`
        LOG_LEVEL=info node infra/bootstrap.js cli/sagaworks.ts run orders > run.log 2>&1 &
        until grep '"msg":"ready"' run.log; do kill -0 $! || { cat run.log; exit 1; }; sleep 0.2; done
        kill $! && wait $! && head -1 run.log`),
    ],
    lecture,
  );
  expect({ code, out }).toMatchObject({
    code: 0,
    out: expect.stringContaining('.sagaworks/environment.json') as unknown,
  });
}, 120_000);
