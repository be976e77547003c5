import type { ApiDescription } from '../../lib/http/openapi/description';
import { address, requestedAddress } from '../address';
import { money, price } from '../money';
import * as notifications from './notifications';
import * as orders from './orders';
import * as payments from './payments';
import * as products from './products';
import * as shipments from './shipments';
import * as users from './users';

const conventions = `Order placement and fulfilment.

**Ids** are UUIDs (version 7), accepted in either case. **Money** is an integer number of minor units (cents) with an
ISO 4217 currency. **Times** are ISO 8601; answers are in UTC. Unknown fields are refused.

**Errors** are problems (RFC 9457, \`application/problem+json\`). \`code\` is stable and for programs; \`field\` and \`errors\` name
the faulty parts of the request. Any path answers 405 with \`Allow\` to a method that it does not have, and 404 when it is
unknown.

**Idempotency.** A \`POST\` that takes \`Idempotency-Key\` acts once for each key and caller, and answers repetitions as it answered
the first. Other \`POST\`s say in their description when repeating them is harmless.

**Pages.** While more follow, a list has \`nextCursor\`: send it as \`cursor\`.

**Limits.** \`RateLimit\` and \`RateLimit-Policy\` tell what is left. After 429 and 503 wait for \`Retry-After\` seconds.`;

/** What the OpenAPI document says besides the routes. */
export const apiDescription: ApiDescription = {
  conventions,
  license: { name: 'MIT', identifier: 'MIT' },
  contact: { name: 'Sagaworks', url: 'https://sagaworks.dev' },
  servers: [{ url: 'http://127.0.0.1:3000', description: 'A platform that `npm start` has started' }],
  tags: {
    orders: 'Orders: placed, followed, cancelled, returned',
    inventory: 'Products, their prices and their stock',
    users: 'Users and their e-mail addresses',
    payments: 'The payments of orders',
    shipping: 'The shipments of orders',
    notifications: 'The e-mails about orders',
    analytics: 'What sells',
    recommendations: 'What is bought together',
    ops: 'For operators: sagas, dead letters, event logs, access',
  },
  schemas: {
    Money: money,
    Price: price,
    Address: address,
    AddressInput: requestedAddress,
    OrderStatus: orders.orderStatus,
    PlaceOrderRequest: orders.placeOrderRequest,
    PlacedOrder: orders.placedOrderResponse,
    Order: orders.orderResponse,
    OrderLine: orders.orderLine,
    OrderSummary: orders.orderSummary,
    OrderList: orders.orderListResponse,
    OrderEvent: orders.orderEvent,
    CustomerOrderEvent: orders.customerOrderEvent,
    OrderEventList: orders.orderEventsResponse,
    /** Of requests of customers, and of operators about access. */
    ReasonGiven: orders.customerRequest,
    CustomerRequestAccepted: orders.customerRequestAccepted,
    ReviewRequest: orders.reviewRequest,
    Review: orders.reviewedResponse,
    Product: products.productResponse,
    ProductList: products.productListResponse,
    AddProductRequest: products.addProductRequest,
    ChangeProductRequest: products.changeProductRequest,
    AdjustStockRequest: products.adjustStockRequest,
    User: users.userResponse,
    CreateUserRequest: users.createUserRequest,
    UpdateUserRequest: users.updateUserRequest,
    PaymentList: payments.paymentListResponse,
    Payment: payments.paymentListResponse.shape.items.element,
    ShipmentList: shipments.shipmentListResponse,
    Shipment: shipments.shipmentListResponse.shape.items.element,
    NotificationList: notifications.notificationListResponse,
    Notification: notifications.notificationListResponse.shape.items.element,
  },
  examples: {
    PlaceOrderRequest: {
      userId: '01938f00-0000-7000-8000-000000000001',
      items: [{ sku: 'TEA-1', quantity: 1 }],
      payment: { token: 'tok_ok' },
      shippingAddress: { name: 'Ada', line1: '1 Saga Street', city: 'Berlin', postalCode: '10115', country: 'DE' },
    },
    ReasonGiven: { reason: 'Ordered by mistake' },
    ReviewRequest: { decision: 'approve', note: 'Called the customer' },
    AddProductRequest: { sku: 'POT-1', name: 'Teapot', price: { amount: 3900, currency: 'EUR' }, stock: 20 },
    ChangeProductRequest: { price: { amount: 1350, currency: 'EUR' } },
    AdjustStockRequest: { delta: 10, reason: 'Delivery from the supplier' },
    CreateUserRequest: { email: 'grace@example.com', name: 'Grace Sample' },
    UpdateUserRequest: { name: 'Grace S. Ample' },
  },
  parameterExamples: { sku: 'TEA-1', skus: 'TEA-1,CUP-1', currency: 'EUR' },
};
