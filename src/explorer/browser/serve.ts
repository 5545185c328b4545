import type {Experiment} from '../../experiment/experiment.ts';
import {type Baseline, simulateBaseline} from '../../forecast/baselines.ts';
import {type PredictedRun, simulatePredictedRun} from '../../forecast/prediction/simulate-predicted.ts';
import {type ReplicationResult, replicate} from '../../forecast/replicate.ts';
import type {RunAccount} from '../../records/pod-usage.ts';

/** Request to a thread: a replication, or one of a baseline, of the experiment in the message, or of the last one. */
export type Request = {
	readonly experiment?: Experiment;
	readonly replication: number;
	readonly baseline?: Baseline | undefined;
	/** Whether it is a run for the prediction. */
	readonly isPredicted?: boolean;
};

/** Result of a request: both arms of a replication, one run of a baseline, or one for the prediction. */
export type Reply = {readonly result: ReplicationResult | RunAccount | PredictedRun} | {readonly fault: string};

/** Answers as a thread of the page. */
export function serve(): void {
	let last: Experiment | undefined;
	globalThis.onmessage = ({data: {experiment, replication, baseline, isPredicted}}: MessageEvent<Request>) => {
		last = experiment ?? last;
		try {
			const result =
				isPredicted === true
					? simulatePredictedRun(last!, replication)
					: baseline === undefined
						? replicate(last!, replication, {record: false})
						: simulateBaseline(last!, replication, baseline);
			globalThis.postMessage({result});
		} catch (error) {
			globalThis.postMessage({fault: String(error)});
		}
	};
}
