import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { allPages, blocksOf } from './pages';
import { openLecture, read, type Lecture } from './reader';

let lecture: Lecture;
beforeAll(async () => {
  lecture = await openLecture();
  await lecture.stopPlatform();
}, 180_000);
afterAll(() => lecture.stop());

/** What is done for a reader who follows a page, in order. */
const done: readonly unknown[] = ['run', 'start', 'edit', 'new'];

const tutorials = allPages()
  .map((page) => ({ page, blocks: blocksOf(page).filter(({ mark }) => done.includes(mark?.is)) }))
  .filter(({ blocks }) => blocks.some(({ mark }) => mark?.is === 'start'));

test.each(tutorials)(
  'whoever follows $page gets to its end: its commands run, on the platform with its changes',
  async ({ blocks }) => {
    const { code, out } = await read(blocks, lecture);
    expect({ code, out: code === 0 ? '' : out.slice(-5_000) }).toEqual({ code: 0, out: '' });
  },
  300_000,
);
