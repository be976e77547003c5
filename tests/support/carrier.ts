import { carrierHeaders } from '../../contracts/http/shipments';
import { sign } from '../../lib/http/signature';
import type { Answer, TestPlatform, World } from './platform';

/** Tells the platform what became of an order's parcel, as the carrier does. */
export async function reportParcel(
  platform: TestPlatform,
  { env }: Pick<World, 'env'>,
  orderId: string,
  status: 'dispatched' | 'delivered',
): Promise<Answer> {
  const { body } = await platform.call('GET', `/shipments?orderId=${orderId}`);
  const [shipment] = body['items'] as { shipmentId: string }[];
  const report = { shipmentId: shipment?.shipmentId, status };
  const timestamp = String(Math.floor(Date.now() / 1_000));
  const signature = sign(env['CARRIER_WEBHOOK_SECRET'] ?? '', timestamp, JSON.stringify(report));
  const headers = { [carrierHeaders.timestamp]: timestamp, [carrierHeaders.signature]: signature };
  return platform.call('POST', '/webhooks/carrier', report, { headers });
}
