import type {Outcome, PodEvent} from '../records/record.ts';
import type {TableName} from './record-columns.ts';

const outcomes: readonly Outcome[] = ['completed', 'failed', 'timedOut', 'inFlight'];
const podEvents: readonly PodEvent[] = [
	'created',
	'scheduled',
	'started',
	'modelLoaded',
	'ready',
	'notReady',
	'endpointAdded',
	'endpointRemoved',
	'containerRestarted',
	'terminating',
	'gone',
];

/** What a column of a record's table may hold, where it is not any text. */
export const recordWords: Readonly<Record<TableName, Readonly<Record<string, readonly string[]>>>> = {
	requests: {outcome: outcomes},
	pods: {event: podEvents},
	decisions: {},
	samples: {},
};
