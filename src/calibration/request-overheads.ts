import type {Recording} from '../records/record.ts';
import type {ServerTimings} from './service-observations.ts';

/** Times of a completed request beside its prompt and its answer [s]. */
export type RequestOverheads = {
	/** Time in which the server finds the loaded model, of requests that found their pod free. */
	readonly load: readonly number[];
	/** Total less load, prompt and answer, of requests that found their pod free. */
	readonly waiting: readonly number[];
	/** Time from the end of the request before to the work on one that waited. */
	readonly turnaround: readonly number[];
	/** Backend, and its way to the server and back. */
	readonly hop: readonly number[];
};

/** The server's and the backend's own times beside those of the work. */
export type OverheadTimings = ServerTimings & {
	readonly loadSeconds: Float64Array;
	readonly waitingSeconds: Float64Array;
	readonly loopbackSeconds: Float64Array;
	readonly backendSeconds: Float64Array;
};

/**
 * Overheads of requests beside their work, on pods with one slot. A time that was not recorded (NaN) makes none, nor does
 * a request whose end is not known.
 */
export function requestOverheads({tables}: Recording, timings: OverheadTimings): RequestOverheads {
	const {sentSeconds, endedSeconds, pod, outcome} = tables.requests;
	const rows = [...pod.keys()].filter(
		row => outcome[row] === 'completed' && !Number.isNaN(timings.evalSeconds[row]! + endedSeconds[row]!),
	);
	const lastEnd = new Map<string, number>();
	const found = {load: [] as number[], waiting: [] as number[], turnaround: [] as number[], hop: [] as number[]};
	const add = (overhead: keyof RequestOverheads, time: number) => {
		if (!Number.isNaN(time)) {
			found[overhead].push(time);
		}
	};
	for (const row of rows.sort((a, b) => endedSeconds[a]! - endedSeconds[b]!)) {
		const before = lastEnd.get(pod[row]!) ?? Number.NEGATIVE_INFINITY;
		lastEnd.set(pod[row]!, endedSeconds[row]!);
		add('hop', timings.loopbackSeconds[row]! + timings.backendSeconds[row]!);
		if (sentSeconds[row]! >= before) {
			add('load', timings.loadSeconds[row]!);
			add('waiting', timings.waitingSeconds[row]!);
		} else if (sentSeconds[row]! < before) {
			const work = timings.promptEvalSeconds[row]! + timings.evalSeconds[row]!;
			add('turnaround', endedSeconds[row]! - before - work);
		}
	}

	return found;
}

/** The overheads of several records together. */
export function joinedOverheads(all: readonly RequestOverheads[]): RequestOverheads {
	const join = (part: keyof RequestOverheads) => all.flatMap(overheads => overheads[part]);
	return {load: join('load'), waiting: join('waiting'), turnaround: join('turnaround'), hop: join('hop')};
}
