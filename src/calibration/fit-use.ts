import {medianWithInterval} from '../statistics/bootstrap.ts';
import {estimate} from '../statistics/estimate.ts';
import {type Coefficient, leastSquares} from '../statistics/least-squares.ts';
import {fitGrowth} from './fit-growth.ts';
import type {SampleObservation} from './sample-observations.ts';

/** Use of a pod beside the work of its model. A part that the samples do not show is absent. */
export type UseFit = {
	/** CPU use of the LLM's container when it serves nothing [cores]. */
	readonly idleLlm?: Coefficient;
	/**
	 * Use of the LLM's container while it serves, as a share of the cores that it may use: below 1 when it waits for more
	 * than its quota.
	 */
	readonly busyLlm?: Coefficient;
	/** CPU use of the backend when it serves nothing [cores]. */
	readonly idleBackend?: Coefficient;
	/** CPU time of the backend for a request [CPU s]. */
	readonly backendPerRequest?: Coefficient;
	/** Working set of the LLM's container before its model is loaded [bytes]. */
	readonly serverMemory?: Coefficient;
	/** Its working set once it is loaded, before it has served anything [bytes]. */
	readonly loadedMemory?: Coefficient;
	/** Memory that serving adds in the end [bytes], and the number of requests after which 63 % of it is there. */
	readonly growth?: Coefficient;
	readonly growthRequests?: number;
	/** Memory that a token of the longest request adds [bytes]. */
	readonly memoryPerToken?: Coefficient;
	/** Working set of the idle backend [bytes]. */
	readonly backendMemory?: Coefficient;
	/** Memory of the backend for each request that it holds [bytes]. */
	readonly memoryPerRequest?: Coefficient;
	readonly count: number;
};

/** Smallest number of samples of a kind. */
const fewest = 5;

/** Fits CPU and memory of both containers to what their pods had to do. Samples without memory (NaN) count for CPU alone. */
export function fitUse(observations: readonly SampleObservation[]): UseFit {
	const weighed = observations.filter(({memory}) => !Number.isNaN(memory));
	const llm = observations.filter(({isLlm}) => isLlm);
	const backend = observations.filter(({isLlm}) => !isLlm);
	const work = llm.filter(({isLoaded}) => isLoaded);
	const started = backend.filter(({isLoaded}) => isLoaded);
	const idleLlm = idleUse(work);
	const idleBackend = idleUse(started);
	const busy = fitTwo(
		work.map(({servingShare}) => [1 - servingShare, servingShare]),
		work.map(({cpu: cores, speed}) => cores / speed),
	);
	const ofBackend = weighed.filter(({isLlm}) => !isLlm);
	const ofLlm = weighed.filter(({isLlm}) => isLlm);
	const memory = fitTwo(
		ofBackend.map(({held}) => [1, held]),
		ofBackend.map(({memory: bytes}) => bytes),
	);
	return {
		...named('idleLlm', idleLlm),
		...named('busyLlm', busy?.[1]),
		...named('idleBackend', idleBackend),
		...named('backendPerRequest', perRequest(started, idleBackend?.value)),
		...named('serverMemory', meanOf(ofLlm.filter(({wasLoaded}) => !wasLoaded).map(({memory: bytes}) => bytes))),
		...fitGrowth(ofLlm.filter(({wasLoaded}) => wasLoaded)),
		...named('backendMemory', memory?.[0]),
		...named('memoryPerRequest', memory?.[1]),
		count: observations.length,
	};
}

/** Median, since a sample whose span includes the edge of a start or of a request is an outlier. */
function idleUse(samples: readonly SampleObservation[]): Coefficient | undefined {
	const idle = samples.filter(({dealtWith, held}) => dealtWith === 0 && held === 0).map(({cpu}) => cpu);
	return idle.length < fewest ? undefined : medianWithInterval(idle);
}

/** CPU time beyond what an idle backend takes, by the requests that it dealt with. */
function perRequest(samples: readonly SampleObservation[], idle: number | undefined): Coefficient | undefined {
	const busy = samples.filter(({dealtWith}) => dealtWith > 0);
	return idle === undefined || busy.length < fewest
		? undefined
		: leastSquares(
				busy.map(({dealtWith}) => [dealtWith]),
				busy.map(({cpu, window}) => (cpu - idle) * window),
			).coefficients[0];
}

function named(
	name: Exclude<keyof UseFit, 'count' | 'growthRequests'>,
	coefficient: Coefficient | undefined,
): Partial<UseFit> {
	return coefficient === undefined ? {} : {[name]: coefficient};
}

function meanOf(values: readonly number[]): Coefficient | undefined {
	const {mean, low, high} = estimate(values);
	return values.length < fewest || mean === null ? undefined : {value: mean, low: low ?? mean, high: high ?? mean};
}

function fitTwo(rows: readonly [number, number][] | number[][], values: readonly number[]) {
	if (rows.length < fewest || new Set(rows.map(row => row[1]!)).size < 2) {
		return undefined;
	}

	const {coefficients} = leastSquares(rows, values);
	return coefficients as [Coefficient, Coefficient];
}
