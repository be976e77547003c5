import { currentPath } from '../router';
import { t } from '../words/words';
import { AuditPage } from './audit';
import { DemoPage } from './demo';
import { OrderPage } from './order';
import { OrdersPage } from './orders';
import { StuckPage } from './stuck';

/** The page that the address names. */
export function Pages() {
  const path = currentPath.value.replace(/\/$/, '');
  if (path === '' || path === '/demo') return <DemoPage />;
  if (path === '/orders') return <OrdersPage />;
  if (path === '/stuck') return <StuckPage />;
  if (path === '/audit') return <AuditPage />;
  const orderId = /^\/orders\/([\w-]+)$/.exec(path)?.[1];
  if (orderId !== undefined) return <OrderPage key={orderId} orderId={orderId} />;
  return <h1>{t('notFound')}</h1>;
}
