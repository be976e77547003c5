/** The products of an order, and whether it counts: confirmed, and neither cancelled nor returned since. */
export interface BasketRow {
  order_id: string;
  skus: string[];
  counts: boolean;
}

export interface AdvisedProductRow {
  sku: string;
  name: string;
}

export interface RecommendationTables {
  baskets: BasketRow;
  advised_products: AdvisedProductRow;
  /** The number of counting baskets with a product. */
  product_counts: { sku: string; baskets: number };
  /** The number of counting baskets with both products; each pair has two rows, one for either order. */
  pair_counts: { sku: string; other: string; together: number };
  /** One row: how many baskets count, and which table they were counted from (its oid). */
  basket_totals: { baskets: number; counted_table: number };
}
