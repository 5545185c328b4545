import type {Experiment} from '../../experiment/experiment.ts';
import {type ReplicationResult, replicate} from '../../forecast/replicate.ts';

/** Request to a thread: a replication of the experiment in the message, or of the last one. */
export type Request = {readonly experiment?: Experiment; readonly replication: number};

export type Answer = {readonly result: ReplicationResult} | {readonly fault: string};

/** The part of a thread's scope that is used; the types of pages do not have it. */
type Scope = {onmessage: ((event: MessageEvent<Request>) => void) | null; postMessage: (answer: Answer) => void};

/** Answers as a thread of the page. */
export function serve(): void {
	const scope = globalThis as unknown as Scope;
	let last: Experiment | undefined;
	scope.onmessage = ({data: {experiment, replication}}) => {
		last = experiment ?? last;
		try {
			scope.postMessage({result: replicate(last!, replication, {record: false})});
		} catch (error) {
			scope.postMessage({fault: String(error)});
		}
	};
}
