import { parseArgs } from 'node:util';
import {
  carrierHeaders,
  carrierReportRequest,
  type CarrierReport,
  type CarrierReportAnswer,
} from '../../contracts/http/shipments';
import { readSecrets } from '../../infra/local/secrets';
import { sign } from '../../lib/http/signature';
import { apiUrl } from '../api';
import { UsageError, type Command } from '../command';
import { print } from '../print';
import { send } from '../send';

const statuses = carrierReportRequest.shape.status.options;

export const carrier: Command = {
  usage: `<shipmentId> ${statuses.join('|')} [--json]`,
  summary: 'Play the carrier: a report signed with CARRIER_WEBHOOK_SECRET or the local stack’s secret',
  async run(args) {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: { json: { type: 'boolean', default: false } },
    });
    const [shipmentId, word, ...rest] = positionals;
    const status = statuses.find((one) => one === word);
    if (!shipmentId || !status || rest.length > 0)
      throw new UsageError(`Give a shipment's id, and ${statuses.join(' or ')}`);
    const shipment = (await report({ shipmentId, status })) as CarrierReportAnswer;
    print(shipment, { json: values.json, words: (now) => tell(now, status) });
  },
};

async function report(body: CarrierReport): Promise<unknown> {
  const url = apiUrl();
  const secret = process.env['CARRIER_WEBHOOK_SECRET'] || readSecrets('.sagaworks')?.carrier;
  if (!url || !secret) {
    throw new Error(
      'No platform is known: set SAGAWORKS_URL and CARRIER_WEBHOOK_SECRET, or run "npm start" here first',
    );
  }
  const timestamp = String(Math.floor(Date.now() / 1000));
  const text = JSON.stringify(body);
  const headers = {
    [carrierHeaders.timestamp]: timestamp,
    [carrierHeaders.signature]: sign(secret, timestamp, text),
  };
  return send(url, '/webhooks/carrier', { headers, body: text });
}

const tell = ({ shipmentId, status }: CarrierReportAnswer, reported: string): string =>
  status === 'booked'
    ? `Shipment ${shipmentId} is still booked: "${reported}" waits until it is dispatched`
    : `Shipment ${shipmentId} is ${status}`;
