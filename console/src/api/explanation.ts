import { get } from './client';

/** One line of the timeline. */
export interface Happening {
  at: string;
  /** Since the line before; negative where clocks differ. */
  gapMs: number;
  source: string;
  kind: string;
  text: string;
  actor?: string;
  why?: string;
  details?: Record<string, unknown>;
}

/** Amounts are minor units of the currency. */
export interface Ledger {
  currency?: string;
  money: { text: string; amount: number; at: string }[];
  balance: number;
  stock: { sku: string; reserved: number; released: number; shipped: number; returned: number }[];
  closed: boolean;
  open?: string;
}

export interface Explanation {
  orderId: string;
  summary: string;
  timeline: Happening[];
  ledger: Ledger;
  unavailable: { source: string; reason: string }[];
  omitted: number;
}

/** Why an order is as it is. The id may be that of anything that belongs to an order. */
export const explain = (id: string): Promise<Explanation> =>
  get<Explanation>(`/ops/orders/${encodeURIComponent(id)}/explain`);
