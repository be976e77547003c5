import { Argument } from 'commander';
import type { CarrierReport } from '../../contracts/http/shipments';
import { CliCommand } from '../cli-command';
import { actions } from '../actions/load';

/** Every status that a carrier reports; the type has them, so that this file needs no schema. */
const statuses = Object.keys({ dispatched: true, delivered: true } satisfies Record<CarrierReport['status'], true>);

export const carrier = (): CliCommand =>
  new CliCommand('carrier', 'Report a shipment as the carrier does')
    .argument('<shipmentId>', 'the id of the shipment')
    .addArgument(new Argument('<status>', 'the status to report').choices(statuses))
    .note('The report is signed with CARRIER_WEBHOOK_SECRET, or with the secret of the local stack.')
    .example('carrier 0192f3a0-0000-7000-8000-000000000001 dispatched')
    .runs(() => actions.carrier.reportStatus);
