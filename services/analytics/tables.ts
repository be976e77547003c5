/** A line of an order, as it was sold. */
export interface SoldItem {
  sku: string;
  quantity: number;
  amount: number;
}

/** An order as analytics sees it: what it is worth, and when things happened to it. */
export interface SaleRow {
  order_id: string;
  currency: string;
  total: number;
  units: number;
  items: SoldItem[];
  placed_at: Date;
  confirmed_at: Date | null;
  cancelled_at: Date | null;
  reason: string | null;
  returned_at: Date | null;
}

export interface AnalyticsTables {
  sales: SaleRow;
}
