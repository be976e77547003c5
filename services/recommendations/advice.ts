import type { Kysely } from 'kysely';
import { platformError } from '../../lib/errors/errors';
import { selectCompanions, selectKnown, selectPopular, type Companion, type PopularProduct } from './advice-store';
import type { Advised } from './contract';
import type { RecommendationTables } from './tables';

export interface Asked {
  skus: readonly string[];
  limit: number;
  fallback?: 'popular' | undefined;
}

/** Recommends products. */
export interface Adviser {
  /**
   * Products bought together with the requested ones, then popular ones up to the limit.
   * @throws `not-found` for an unknown product, unless `fallback` asks for popular ones instead.
   */
  adviseOn(asked: Asked): Promise<Advised[]>;
}

export const createAdviser = (db: Kysely<RecommendationTables>): Adviser => ({
  async adviseOn({ skus, limit, fallback }) {
    const known = await selectKnown(db, skus);
    const unknown = skus.find((sku) => !known.has(sku));
    if (unknown !== undefined && fallback === undefined)
      throw platformError('not-found', `There is no product ${unknown}`);
    const asked = skus.filter((sku) => known.has(sku));
    const companions = asked.length > 0 ? await selectCompanions(db, asked, limit) : [];
    const missing = limit - companions.length;
    if (missing === 0) return companions.map(toCompanion);
    const shown = [...skus, ...companions.map(({ sku }) => sku)];
    return [...companions.map(toCompanion), ...(await selectPopular(db, shown, missing)).map(toPopular)];
  },
});

const toCompanion = ({ sku, name, together, lift }: Companion): Advised => ({
  basis: 'bought-together',
  sku,
  name,
  together,
  lift: Math.round(lift * 1_000) / 1_000,
});

const toPopular = ({ sku, name, baskets }: PopularProduct): Advised => ({
  basis: 'popular',
  sku,
  name,
  orders: baskets,
});
