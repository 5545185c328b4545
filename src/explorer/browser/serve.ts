import type {Experiment} from '../../experiment/experiment.ts';
import {type Baseline, simulateBaseline} from '../../forecast/baselines.ts';
import {type ReplicationResult, replicate} from '../../forecast/replicate.ts';
import type {RunAccount} from '../../records/pod-usage.ts';

/** Request to a thread: a replication, or one of a baseline, of the experiment in the message, or of the last one. */
export type Request = {
	readonly experiment?: Experiment;
	readonly replication: number;
	readonly baseline?: Baseline | undefined;
};

/** Result of a request: both arms of a replication, or one run of a baseline. */
export type Reply = {readonly result: ReplicationResult | RunAccount} | {readonly fault: string};

/** Answers as a thread of the page. */
export function serve(): void {
	let last: Experiment | undefined;
	globalThis.onmessage = ({data: {experiment, replication, baseline}}: MessageEvent<Request>) => {
		last = experiment ?? last;
		try {
			const result =
				baseline === undefined
					? replicate(last!, replication, {record: false})
					: simulateBaseline(last!, replication, baseline);
			globalThis.postMessage({result});
		} catch (error) {
			globalThis.postMessage({fault: String(error)});
		}
	};
}
