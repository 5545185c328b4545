import type {EngineRun, EngineRunErrors} from '../../records/engine-run.ts';
import type {ReplayedRun} from '../../simulator/batching/replay-run.ts';
import {meanOfArray, quantileOfSorted} from '../../statistics/typed-arrays.ts';

/**
 * Judges a replayed run by the requests of which the measured run saw the end, or the first token.
 *
 * The first request finds a cold engine, so it is left out of the times to first token.
 */
export function judgeRun(run: EngineRun, replayed: ReplayedRun): Omit<EngineRunErrors, 'timesRealTime'> {
	const {queued, firstToken, lastToken, outputTokens} = run.requests;
	const seen = [...queued.keys()];
	const begun = seen.filter(request => request > 0 && !Number.isNaN(firstToken[request]! - queued[request]!));
	const ended = seen.filter(request => !Number.isNaN(lastToken[request]! - queued[request]!));
	const decoded = ended.filter(request => outputTokens[request]! > 1 && !Number.isNaN(firstToken[request]!));
	const times = (requests: readonly number[], of: (side: Side, request: number) => number) => ({
		measured: requests.map(request => of(run.requests, request)),
		simulated: requests.map(request => of(replayed, request)),
	});
	const ttft = times(begun, (side, request) => side.firstToken[request]! - side.queued[request]!);
	const latency = times(ended, (side, request) => side.lastToken[request]! - side.queued[request]!);
	const tpot = times(
		decoded,
		(side, request) => (side.lastToken[request]! - side.firstToken[request]!) / (outputTokens[request]! - 1),
	);
	return {
		run: run.name,
		latencyError: errorOf(latency, meanOfArray),
		ttftError: errorOf(ttft, meanOfArray),
		ttftP95Error: errorOf(ttft, p95),
		tpotError: errorOf(tpot, meanOfArray),
		runningError: distance(run.timeline.running, replayed.running),
		waitingError: distance(run.timeline.waiting, replayed.waiting),
	};
}

type Side = Pick<EngineRun['requests'], 'queued' | 'firstToken' | 'lastToken'>;
type Pair = {readonly measured: readonly number[]; readonly simulated: readonly number[]};

function errorOf({measured, simulated}: Pair, figure: (values: readonly number[]) => number): number {
	return measured.length === 0 ? Number.NaN : figure(simulated) / figure(measured) - 1;
}

function p95(values: readonly number[]): number {
	return quantileOfSorted(Float64Array.from(values).sort(), 0.95);
}

function distance(measured: Float64Array, simulated: Float64Array): number {
	const distances = Array.from(measured, (value, index) => Math.abs(simulated[index]! - value));
	const known = distances.filter(value => !Number.isNaN(value));
	return known.length === 0 ? Number.NaN : meanOfArray(known);
}
