import type { Participant } from '../../lib/service/define-service';
import { bridge } from '../bridge/bridge';
import { services } from './discover';

/** Everything that publishes or consumes events: the services, and the bridge to the sagas. */
export const participants: readonly Participant[] = [...services, bridge];

/** By name; undefined when there is none. */
export const participantOf = (name: string): Participant | undefined => participants.find((one) => one.name === name);
