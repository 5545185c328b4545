import type {EngineModel} from '../../experiment/serving/engine-model.ts';
import type {EngineFigures, EngineObservation} from '../../records/engine-observation.ts';
import {type ReplayedRun, replayRun} from '../../simulator/batching/replay-run.ts';

/** Times of one kind in a stretch of a run, which share the steps of its batches, or a mean of the whole run. */
export type ObservedGroup = {
	readonly name: keyof EngineFigures;
	/** Groups of one kind scatter alike. */
	readonly kind: string;
	/** Observed times [s]. */
	readonly observed: readonly number[];
	/** Added to both sides before they are divided, so that the shortest do not decide [s]. */
	readonly floor: number;
	/** The times in the simulated run, in the same order. */
	readonly of: (replayed: ReplayedRun) => readonly number[];
};

/** Kind of the groups that are means of a run. */
export const meansKind = 'means';
/** Stretches that a run is divided into. */
const stretches = 16;
/** Requests of a stretch at least. */
const fewestRequests = 4;

/** Observed times of one run: of its requests by stretches, or means of all. */
export function observedGroups({run, figures, source}: EngineObservation, until: number): ObservedGroup[] {
	return figures === undefined ? requestGroups(run.requests, source, until) : figureGroups(figures, run.requests);
}

/** The run as the model simulates it. */
export function replayed(model: EngineModel, {run, users}: EngineObservation): ReplayedRun {
	return replayRun(run, model, users === undefined ? {} : {users});
}

/** Means of the logarithms of simulated by observed times, a group each. */
export function residualsOf(groups: readonly ObservedGroup[], simulated: ReplayedRun): number[] {
	return groups.map(({observed, floor, of}) => {
		const times = of(simulated);
		return times.reduce((sum, time, at) => sum + Math.log((time + floor) / (observed[at]! + floor)), 0) / times.length;
	});
}

type Requests = EngineObservation['run']['requests'];
type Side = Pick<Requests, 'sent' | 'queued' | 'firstToken' | 'lastToken'>;

const measures = {
	// The engine's own time where it was seen, else the client's.
	ttft: ({sent, queued, firstToken}: Side, request: number, isOwn: boolean) =>
		firstToken[request]! - (isOwn ? queued : sent)[request]!,
	tpot: ({firstToken, lastToken}: Side, request: number) => lastToken[request]! - firstToken[request]!,
	latency: ({sent, queued, lastToken}: Side, request: number, isOwn: boolean) =>
		lastToken[request]! - (isOwn ? queued : sent)[request]!,
};

/** The first request finds a cold engine: it is left out. */
function requestGroups(requests: Requests, source: string, until: number): ObservedGroup[] {
	const {sent, queued, firstToken, lastToken, outputTokens} = requests;
	const order = [...sent.keys()].sort((one, other) => sent[one]! - sent[other]!).slice(1);
	const isSeen = (at: number) => !Number.isNaN(at) && at <= until;
	const seen = {
		ttft: order.filter(request => isSeen(firstToken[request]!)),
		tpot: order.filter(
			request => isSeen(firstToken[request]!) && isSeen(lastToken[request]!) && outputTokens[request]! > 1,
		),
		latency: order.filter(request => Number.isNaN(firstToken[request]!) && isSeen(lastToken[request]!)),
	};
	return (['ttft', 'tpot', 'latency'] as const).flatMap(name => {
		const timesOf = (side: Side, members: readonly number[]) =>
			members.map(request => measures[name](side, request, !Number.isNaN(queued[request]!)));
		const members = seen[name].filter(request => timesOf(requests, [request])[0]! >= 0);
		const all = timesOf(requests, members);
		const floor = (0.1 * all.reduce((sum, time) => sum + time, 0)) / all.length;
		return partsOf(members).map(part => ({
			...{name, kind: `${name} ${source}`, observed: timesOf(requests, part), floor},
			of: (side: ReplayedRun) => timesOf(side, part),
		}));
	});
}

/** Stretches of requests that follow each other. */
function partsOf(members: readonly number[]): number[][] {
	const count = Math.min(stretches, Math.floor(members.length / fewestRequests));
	return Array.from({length: count}, (_, part) =>
		members.slice(Math.round((part * members.length) / count), Math.round(((part + 1) * members.length) / count)),
	);
}

function figureGroups(figures: EngineFigures, {outputTokens}: Requests): ObservedGroup[] {
	const means = {
		ttft: (run: ReplayedRun) => meanOver(run, request => measures.ttft(run, request, false)),
		tpot: (run: ReplayedRun) =>
			meanOver(run, request =>
				outputTokens[request]! > 1 ? measures.tpot(run, request) / (outputTokens[request]! - 1) : Number.NaN,
			),
		latency: (run: ReplayedRun) => meanOver(run, request => measures.latency(run, request, false)),
	};
	return (['ttft', 'tpot', 'latency'] as const).flatMap(name => {
		const observed = figures[name];
		return observed === undefined
			? []
			: [{name, kind: meansKind, observed: [observed], floor: 0, of: (run: ReplayedRun) => [means[name](run)]}];
	});
}

function meanOver({sent}: ReplayedRun, of: (request: number) => number): number {
	let [total, count] = [0, 0];
	for (let request = 0; request < sent.length; request++) {
		const value = of(request);
		if (!Number.isNaN(value)) {
			total += value;
			count++;
		}
	}

	return total / count;
}
