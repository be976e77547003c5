/** What the saga worker bundles: every export is a workflow type, so its name never changes. */
export { orderSaga } from './order';
export { returnSaga } from './return';
export { recallSaga } from './recall';
export { reconcile } from './reconcile';
