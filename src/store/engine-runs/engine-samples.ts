import type {UserError} from '../../errors.ts';
import type {EngineFigures, EngineObservation} from '../../records/engine-observation.ts';
import type {EngineRun} from '../../records/engine-run.ts';
import {tableError} from '../recordings/read-table.ts';

/** A request as a load generator saw it. Times in seconds on one clock; NaN where it did not see one. */
export type SeenRequest = {
	readonly sent: number;
	readonly firstToken: number;
	readonly lastToken: number;
	readonly promptTokens: number;
	readonly outputTokens: number;
};

/** The load and the means of a run whose requests were not seen one by one. */
export type SeenMeans = {
	readonly figures: EngineFigures;
	readonly requests: number;
	readonly promptTokens: number;
	readonly outputTokens: number;
	/** Requests per second, where they came at random; otherwise `users` sent the next when they had an answer. */
	readonly rate?: number;
	readonly users?: number;
};

/** Longest run of stand-ins. */
const mostStandIns = 600;
/** Spread of the stand-ins' lengths, which the means do not tell. */
const spread = 0.5;

/** A fault of a file in one line. */
export function runFault(path: string, rule: string, got: string, line = 1): UserError {
	return tableError(path, line, rule, got);
}

/** A run of requests that were seen one by one. */
export function observedRequests(
	path: string,
	tool: string,
	seen: readonly SeenRequest[],
	assumed: readonly string[] = [],
): EngineObservation {
	const whole = (value: number) => Number.isInteger(value) && value >= 1 && value <= 1e7;
	const bad = seen.find(
		({sent, promptTokens, outputTokens}) => !Number.isFinite(sent) || !whole(promptTokens) || !whole(outputTokens),
	);
	if (bad !== undefined) {
		const {sent, promptTokens, outputTokens} = bad;
		const got = `a request with time ${sent}, ${promptTokens} and ${outputTokens}`;
		throw runFault(path, 'the time, the prompt tokens and the output tokens of each request', got);
	}

	if (seen.length < fewestSeen) {
		throw runFault(path, `at least ${fewestSeen} requests with an answer`, String(seen.length));
	}

	const sorted = seen.toSorted((one, other) => one.sent - other.sent);
	const origin = sorted[0]!.sent;
	const column = (of: (request: SeenRequest) => number) => Float64Array.from(sorted, of);
	const run = runOf(path, {
		sent: column(({sent}) => sent - origin),
		firstToken: column(({firstToken}) => firstToken - origin),
		lastToken: column(({lastToken}) => lastToken - origin),
		promptTokens: column(({promptTokens}) => promptTokens),
		outputTokens: column(({outputTokens}) => outputTokens),
	});
	return {source: path, tool, run, assumed};
}

const fewestSeen = 10;

/** A run of stand-ins with the load of one that only means were kept of. */
export function observedMeans(path: string, tool: string, seen: SeenMeans): EngineObservation {
	const {figures, promptTokens, outputTokens, rate, users} = seen;
	const isSound = [promptTokens, outputTokens, rate ?? users ?? 0].every(value => value > 0 && value < 1e7);
	if (!isSound) {
		const got = `${promptTokens} and ${outputTokens} tokens at ${rate ?? users ?? 0} ${rate === undefined ? 'in flight' : 'per second'}`;
		throw runFault(path, 'mean lengths and a load above 0', got);
	}

	if (Object.values(figures).every(value => !(value > 0))) {
		throw runFault(path, 'a mean time to first token, per output token or of the whole request', 'none');
	}

	const inFlight = users === undefined ? 0 : Math.max(1, Math.round(users));
	const count = Math.max(20, Math.min(mostStandIns, Math.max(seen.requests, 6 * inFlight)));
	const lengths = (mean: number, turn: number) =>
		Float64Array.from({length: count}, (_, request) => {
			// Quantiles of a lognormal distribution in a scattered order: the same on every machine.
			const share = ((request + 1) * turn) % 1;
			return Math.max(1, Math.round(mean * standInFactor(share)));
		});
	const run = runOf(path, {
		sent: rate === undefined ? new Float64Array(count) : arrivalTimes(count, rate),
		firstToken: new Float64Array(count).fill(Number.NaN),
		lastToken: new Float64Array(count).fill(Number.NaN),
		promptTokens: lengths(promptTokens, 0.618_033_988_749_895),
		outputTokens: lengths(outputTokens, 0.754_877_666_246_693),
	});
	const load = rate === undefined ? {users: inFlight} : {};
	const assumed = [
		`Only means were kept: lengths are taken to spread by ${spread * 100} % around theirs, and ${rate === undefined ? `${inFlight} requests to be in flight` : `requests to come at random, ${rate.toPrecision(3)} per second`}.`,
	];
	return {source: path, tool, run, ...load, figures: knownOf(figures), assumed};
}

function knownOf(figures: EngineFigures): EngineFigures {
	return Object.fromEntries(Object.entries(figures).filter(([, value]) => value > 0));
}

/** Values of even quantiles with mean 1 and the assumed spread. */
function standInFactor(share: number): number {
	return 1 + spread * Math.sqrt(3) * (2 * share - 1);
}

/** Times of arrivals at random: quantiles of an exponential gap in a scattered order. */
function arrivalTimes(count: number, rate: number): Float64Array {
	const times = new Float64Array(count);
	for (let request = 1; request < count; request++) {
		const share = (request * 0.569_840_290_998_053 + 0.5) % 1;
		times[request] = times[request - 1]! - Math.log(1 - share) / rate;
	}

	return times;
}

const unknownSettings = {
	dataParallel: 1,
	maxNumSeqs: undefined,
	maxNumBatchedTokens: undefined,
	maxModelLen: undefined,
	blockTokens: undefined,
	kvBlocks: undefined,
	chunkedPrefill: undefined,
	prefixCaching: undefined,
	asyncScheduling: undefined,
	reservePrompt: undefined,
	policy: undefined,
} as const;

function runOf(
	name: string,
	columns: Pick<EngineRun['requests'], 'sent' | 'firstToken' | 'lastToken' | 'promptTokens' | 'outputTokens'>,
): EngineRun {
	const count = columns.sent.length;
	const none = new Float64Array(0);
	return {
		...{name, model: '', gpu: '', tensorParallel: 1, settings: unknownSettings},
		requests: {
			...columns,
			queued: new Float64Array(count).fill(Number.NaN),
			sharedTokens: new Float64Array(count),
			sharedWith: new Float64Array(count),
		},
		timeline: {at: none, running: none, waiting: none},
	};
}
