import type { Word } from '../words/en';

/** An order that the demo can place. */
export interface Choice {
  name: Word;
  hint: Word;
  token: string;
  items: { sku: string; quantity: number }[];
  postalCode?: string;
  ifUnavailable?: 'ship_rest';
}

const tea = { sku: 'TEA-1', quantity: 1 };
/** More than the sample stock has. */
const tooManyCups = { sku: 'CUP-1', quantity: 9_999 };

/** Each test token of the simulated gateway, the place that the simulated carrier refuses, and stock that is missing. */
export const choices: readonly Choice[] = [
  { name: 'demoOk', hint: 'demoOkHint', token: 'tok_ok', items: [tea] },
  { name: 'demoDeclined', hint: 'demoDeclinedHint', token: 'tok_declined', items: [tea] },
  { name: 'demoNowhere', hint: 'demoNowhereHint', token: 'tok_ok', items: [tea], postalCode: '00000' },
  { name: 'demoReview', hint: 'demoReviewHint', token: 'tok_review', items: [tea] },
  { name: 'demoStock', hint: 'demoStockHint', token: 'tok_ok', items: [tooManyCups] },
  { name: 'demoRest', hint: 'demoRestHint', token: 'tok_ok', items: [tea, tooManyCups], ifUnavailable: 'ship_rest' },
  { name: 'demoFlaky', hint: 'demoFlakyHint', token: 'tok_flaky', items: [tea] },
  { name: 'demoTimeout', hint: 'demoTimeoutHint', token: 'tok_timeout', items: [tea] },
  { name: 'demoCapture', hint: 'demoCaptureHint', token: 'tok_capture_refused', items: [tea] },
];
