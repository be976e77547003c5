/** Task queues: the saga's workflows on one, each service's activities on its own. */
export const taskQueues = {
  saga: 'order-saga',
  inventory: 'inventory',
  orders: 'orders',
  payments: 'payments',
  shipping: 'shipping',
} as const;
