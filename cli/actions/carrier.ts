import { carrierHeaders, type CarrierReport, type CarrierReportAnswer } from '../../contracts/http/shipments';
import { sign } from '../../lib/http/signature';
import { print, type OutputOptions } from '../output';
import { apiUrl } from '../platform/addresses';
import { carrierSecret } from '../platform/secrets';
import { send } from '../platform/send';

type Status = CarrierReport['status'];

export async function reportStatus(shipmentId: string, status: Status, options: OutputOptions): Promise<void> {
  const shipment = (await report({ shipmentId, status })) as CarrierReportAnswer;
  print(shipment, options, (now) => describe(now, status));
}

function report(body: CarrierReport): Promise<unknown> {
  const timestamp = String(Math.floor(Date.now() / 1000));
  const text = JSON.stringify(body);
  const headers = {
    [carrierHeaders.timestamp]: timestamp,
    [carrierHeaders.signature]: sign(carrierSecret(), timestamp, text),
  };
  return send(apiUrl(), '/webhooks/carrier', { headers, body: text });
}

const describe = ({ shipmentId, status }: CarrierReportAnswer, reported: Status): string =>
  status === 'booked'
    ? `Shipment ${shipmentId} is still booked: "${reported}" waits until it is dispatched`
    : `Shipment ${shipmentId} is ${status}`;
