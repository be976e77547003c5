import type { ServiceDefinition } from '../service';
import { analyticsService } from './analytics';
import { inventoryService } from './inventory';
import { notificationsService } from './notifications';
import { ordersService } from './orders';
import { paymentsService } from './payments';
import { recommendationsService } from './recommendations';
import { shippingService } from './shipping';
import { usersService } from './users';

/** Every service of the platform. */
export const services: readonly ServiceDefinition[] = [
  usersService,
  inventoryService,
  ordersService,
  paymentsService,
  shippingService,
  notificationsService,
  analyticsService,
  recommendationsService,
];
