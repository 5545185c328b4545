import type {Experiment} from '../experiment/experiment.ts';
import type {PodEvent, Recording} from './record.ts';

/** Contents of a record. The simulator writes all; a measured record may lack some. */
export type Holdings = {
	/** Replicas that are asked for over time. */
	readonly replicas: boolean;
	/** Times of each pod on its node. */
	readonly pods: boolean;
	/** CPU and memory that the pods used. */
	readonly use: boolean;
	/** Times in which each pod was busy. */
	readonly busy: boolean;
	/** Replicas that the autoscaler's metrics asked for. */
	readonly proposals: boolean;
};

/** Events of a pod that is on a node. */
const placed: ReadonlySet<PodEvent> = new Set([
	'started',
	'modelLoaded',
	'ready',
	'notReady',
	'endpointAdded',
	'endpointRemoved',
	'containerRestarted',
]);

/**
 * Finds the contents of a record. A run has pods from its start on, samples of them, and a decision every period of its
 * autoscaler: a table of them without rows was not recorded.
 *
 * @param experiment - the record's own: without an autoscaler, or in the fixed arm, it says how many replicas there are
 */
export function holdingsOf({head, tables}: Recording, {autoscaler}: Pick<Experiment, 'autoscaler'>): Holdings {
	const {requests, pods, decisions, samples} = tables;
	const isSimulated = head.engine === 'simulated';
	const isFixed = autoscaler === 'none' || head.arm === 'fixed';
	return {
		replicas: isSimulated || isFixed || decisions.seconds.length > 0,
		pods: isSimulated || (pods.pod.length > 0 && unplacedPods(pods).length === 0),
		use: isSimulated || samples.cpuCores.some((cores, row) => !Number.isNaN(cores + samples.sampledSeconds[row]!)),
		busy: isSimulated || requests.outcome.every((outcome, row) => outcome !== 'completed' || isPlaced(requests, row)),
		proposals: isSimulated || isFixed || decisions.proposals.some(text => text !== noList),
	};
}

const noList = '[]';

function isPlaced({startedSeconds, endedSeconds, pod}: Recording['tables']['requests'], row: number): boolean {
	return pod[row] !== '' && !Number.isNaN(startedSeconds[row]! + endedSeconds[row]!);
}

/** Pods with events that happen on a node only, but without the time when they came there. */
function unplacedPods({pod, event}: Recording['tables']['pods']): string[] {
	const scheduled = new Set(pod.filter((_, row) => event[row] === 'scheduled'));
	return [...new Set(pod.filter((name, row) => placed.has(event[row]!) && !scheduled.has(name)))];
}

const times = ['sentSeconds', 'startedSeconds', 'firstTokenSeconds', 'endedSeconds'] as const;

/** Gaps of a measured record, in words: tables, events, and times of requests that completed. */
export function lacksOf(recording: Recording, experiment: Pick<Experiment, 'autoscaler'>): string[] {
	const {requests, pods, samples} = recording.tables;
	const holds = holdingsOf(recording, experiment);
	if (recording.head.engine === 'simulated') {
		return [];
	}

	const completed = requests.outcome.flatMap((outcome, row) => (outcome === 'completed' ? [row] : []));
	return [
		...(requests.outcome.length > 0 ? [] : ['requests']),
		...(holds.replicas ? [] : ['decisions']),
		...(holds.replicas && !holds.proposals ? ['proposals of the decisions'] : []),
		...(pods.pod.length > 0 ? [] : ['pods']),
		...(pods.pod.length > 0 && !holds.pods ? [`when ${unplacedPods(pods).length} pods were scheduled`] : []),
		...(holds.use ? [] : [samples.pod.length === 0 ? 'samples' : 'CPU use or times of the samples']),
		...times.flatMap(name => {
			const missing = completed.filter(row => Number.isNaN(requests[name][row]!)).length;
			return missing === 0 ? [] : [`${name} of ${missing} of ${completed.length} completed requests`];
		}),
	];
}
