import type {Experiment} from '../../experiment/experiment.ts';
import {type ReplicationResult, replicate} from '../../forecast/replicate.ts';

/** Request to a thread: a replication of the experiment in the message, or of the last one. */
export type Request = {readonly experiment?: Experiment; readonly replication: number};

export type Reply = {readonly result: ReplicationResult} | {readonly fault: string};

/** Answers as a thread of the page. */
export function serve(): void {
	let last: Experiment | undefined;
	globalThis.onmessage = ({data: {experiment, replication}}: MessageEvent<Request>) => {
		last = experiment ?? last;
		try {
			globalThis.postMessage({result: replicate(last!, replication, {record: false})});
		} catch (error) {
			globalThis.postMessage({fault: String(error)});
		}
	};
}
