import { createRoute, z } from '@hono/zod-openapi';
import { requires } from '../../contracts/http/access';
import {
  addProductRequest,
  adjustStockRequest,
  changeProductRequest,
  productListQuery,
  productListResponse,
  productResponse,
  type ProductResponse,
} from '../../contracts/http/products';
import { sku } from '../../contracts/sku';
import { idempotencyKeyHeader, idempotentRequest } from '../../lib/http/idempotency/header';
import { createdAnswer, createRoutes, jsonAnswer, jsonBody, problems } from '../../lib/http/routes';
import type { InventoryService } from './service';
import type { StockedProduct } from './store';

const params = z.strictObject({ sku });

const addProduct = createRoute({
  operationId: 'addProduct',
  method: 'post',
  path: '/products',
  tags: ['inventory'],
  summary: 'Add a product',
  ...requires('products:write'),
  parameters: [idempotencyKeyHeader({ required: false })],
  request: { body: jsonBody(addProductRequest) },
  responses: { 201: createdAnswer(productResponse, 'Added'), ...problems(400, 401, 403, 409, 413, 415, 422) },
});

const listProducts = createRoute({
  operationId: 'listProducts',
  method: 'get',
  path: '/products',
  tags: ['inventory'],
  summary: 'List products, by SKU',
  ...requires('products:read'),
  request: { query: productListQuery },
  responses: { 200: jsonAnswer(productListResponse, 'A page of products'), ...problems(400, 401, 403) },
});

const getProduct = createRoute({
  operationId: 'getProduct',
  method: 'get',
  path: '/products/{sku}',
  tags: ['inventory'],
  summary: 'Get a product with its stock',
  ...requires('products:read'),
  request: { params },
  responses: { 200: jsonAnswer(productResponse, 'The product'), ...problems(400, 401, 403, 404) },
});

const changeProduct = createRoute({
  operationId: 'changeProduct',
  method: 'patch',
  path: '/products/{sku}',
  tags: ['inventory'],
  summary: 'Change the name or price of a product',
  description: 'Existing orders keep the price at which they were placed.',
  ...requires('products:write'),
  request: { params, body: jsonBody(changeProductRequest) },
  responses: { 200: jsonAnswer(productResponse, 'Changed'), ...problems(400, 401, 403, 404, 413, 415) },
});

const adjustStock = createRoute({
  operationId: 'adjustStock',
  method: 'post',
  path: '/products/{sku}/stock',
  tags: ['inventory'],
  summary: 'Add units to the stock of a product, or take some',
  description: 'Only available units can be taken, not those reserved for orders.',
  ...requires('products:write'),
  parameters: [idempotencyKeyHeader({ required: false })],
  request: { params, body: jsonBody(adjustStockRequest) },
  responses: { 200: jsonAnswer(productResponse, 'Adjusted'), ...problems(400, 401, 403, 404, 409, 413, 415, 422) },
});

type Inventory = Pick<InventoryService, 'add' | 'list' | 'get' | 'change' | 'adjustStock'>;

/** The HTTP routes of the inventory service. */
export function createInventoryRoutes(inventory: Inventory) {
  const routes = createRoutes();

  routes.openapi(addProduct, async (c) => {
    const request = c.req.valid('json');
    const product = await inventory.add(request, idempotentRequest(c, request));
    return c.json(toResponse(product), 201, { location: `/products/${product.sku}` });
  });

  routes.openapi(listProducts, async (c) => {
    const query = c.req.valid('query');
    const found = await inventory.list(query);
    const items = found.slice(0, query.limit).map(toResponse);
    const last = items.at(-1);
    return c.json(found.length > query.limit && last ? { items, nextCursor: last.sku } : { items }, 200);
  });

  routes.openapi(getProduct, async (c) => c.json(toResponse(await inventory.get(c.req.valid('param').sku)), 200));

  routes.openapi(changeProduct, async (c) => {
    const product = await inventory.change(c.req.valid('param').sku, c.req.valid('json'));
    return c.json(toResponse(product), 200);
  });

  routes.openapi(adjustStock, async (c) => {
    const request = c.req.valid('json');
    const product = await inventory.adjustStock(c.req.valid('param').sku, request, idempotentRequest(c, request));
    return c.json(toResponse(product), 200);
  });

  return routes;
}

const toResponse = ({ sku, name, price, available, reserved, shipped }: StockedProduct): ProductResponse => ({
  sku,
  name,
  price,
  available,
  reserved,
  shipped,
});
