import type { orderStatuses } from '../../contracts/http/orders';

/** A line of an order; its amount is the line total in the order's currency. */
export interface SoldItem {
  sku: string;
  quantity: number;
  amount: number;
}

/** An order with what the reports need. All times are those of its events. */
export interface SaleRow {
  order_id: string;
  status: (typeof orderStatuses)[number];
  currency: string;
  /** In minor units, without lines that were out of stock. */
  total: number;
  units: number;
  items: SoldItem[];
  placed_at: Date;
  confirmed_at: Date | null;
  cancelled_at: Date | null;
  reason: string | null;
  delivered_at: Date | null;
  returned_at: Date | null;
  /** When the total was refunded: returned, or cancelled after it was confirmed. */
  refunded_at: Date | null;
}

export interface ProductNameRow {
  sku: string;
  name: string;
}

export interface AnalyticsTables {
  sales: SaleRow;
  product_names: ProductNameRow;
}
