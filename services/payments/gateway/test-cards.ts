/** How a card behaves at the simulated gateway. */
export interface TestCard {
  declined?: string;
  flagged?: boolean;
  /** How many calls to authorise fail before one succeeds. */
  faults?: number;
  /** Operations are carried out, but their answers are lost. */
  answersLost?: boolean;
  captureRefused?: string;
}

const cards: Record<string, TestCard> = {
  tok_ok: {},
  tok_declined: { declined: 'The card was declined' },
  tok_flaky: { faults: 2 },
  tok_timeout: { answersLost: true },
  tok_capture_refused: { captureRefused: 'The bank did not release the money' },
  tok_review: { flagged: true },
};

/** The card of a token; an unknown one is declined. */
export const cardOf = (token: string): TestCard => cards[token] ?? { declined: 'The payment token is unknown' };
