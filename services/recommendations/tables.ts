/** What was ordered together; `counted` says that the counts below have it in them. */
interface BasketRow {
  order_id: string;
  skus: string[];
  counted: boolean;
}

/** Products that can be advised: our copy of their names. */
export interface CatalogueRow {
  sku: string;
  name: string;
}

export interface RecommendationTables {
  baskets: BasketRow;
  catalogue: CatalogueRow;
  /** In how many confirmed orders a product is. */
  product_counts: { sku: string; orders: number };
  /** In how many confirmed orders two products are together; each pair in both directions. */
  pair_counts: { sku: string; other: string; orders: number };
}
