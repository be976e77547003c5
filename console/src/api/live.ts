/** The events of an order's life, as the stream names them. */
const orderEventTypes = [
  'created',
  'reduced',
  'review_requested',
  'confirmed',
  'shipped',
  'delivered',
  'return_requested',
  'returned',
  'cancellation_requested',
  'cancellation_declined',
  'attention_needed',
  'cancelled',
].map((name) => `order.${name}`);

/**
 * Calls `onChange` whenever something has happened to any order, until the returned function is called. A hidden page
 * hears nothing, and is told once when it is shown again.
 */
export function watchOrders(onChange: () => void): () => void {
  let source: EventSource | undefined;
  const open = (): void => {
    source = new EventSource('/orders/stream');
    // After a lost connection, too: what happened meanwhile is read.
    source.onopen = onChange;
    for (const type of orderEventTypes) source.addEventListener(type, onChange);
  };
  const close = (): void => {
    source?.close();
    source = undefined;
  };
  const onVisibility = (): void => {
    if (document.hidden) close();
    else if (!source) open();
  };
  document.addEventListener('visibilitychange', onVisibility);
  onVisibility();
  return () => {
    document.removeEventListener('visibilitychange', onVisibility);
    close();
  };
}

const pollMs = 2_000;

/** Calls `onChange` every two seconds while the page is shown, until the returned function is called. */
export function pollWhileShown(onChange: () => void): () => void {
  const timer = setInterval(() => document.hidden || onChange(), pollMs);
  return () => clearInterval(timer);
}
