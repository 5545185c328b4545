import type {HpaSpec} from '../../../autoscaler/hpa-spec.ts';
import type {CustomMetrics} from '../../../experiment/custom-metrics/custom-metrics.ts';
import type {Experiment} from '../../../experiment/experiment.ts';
import type {EngineModel, StepCosts} from '../../../experiment/serving/engine-model.ts';

/** Load under which an autoscaler of engines has something to do. */
export type EngineLoad = {
	/** Lengths of requests in the mean [tokens]. */
	readonly tokens: {readonly prompt: number; readonly output: number};
	/** Arrival rates before and at the peak [requests/s]. */
	readonly rates: {readonly low: number; readonly peak: number};
	/** Requests a second that a pod serves with a batch of so many, and where that batch comes from, in words. */
	readonly pod: {readonly perSecond: number; readonly batch: number; readonly at: string};
};

type Scaled = Pick<Experiment, 'autoscaler' | 'deployment' | 'customMetrics'>;

/** Lengths of requests that are assumed where the context has room for them [tokens]. */
const usual = {prompt: 860, output: 250};

/** Part of the context that a prompt, or an answer, takes in the mean at most, so that hardly any is cut. */
const partOfContext = 0.1;

/** Highest peak that is assumed, but for what the fewest pods serve anyway [requests/s]: a first run is to take seconds. */
const mostPerSecond = 20;

/** Part of the most pods that the peak asks for, and times what the fewest serve that it is at least. */
const [partOfMost, timesLeast] = [0.75, 1.5];

/**
 * Load that takes an autoscaler from its fewest pods towards three quarters of its most.
 *
 * @param experiment - engine and autoscaler as they were resolved
 */
export function engineLoad({autoscaler, deployment, customMetrics}: Scaled, engine: EngineModel): EngineLoad {
	const [least, most] =
		autoscaler === 'none'
			? [deployment.replicas ?? 1, deployment.replicas ?? 1]
			: [Math.max(1, autoscaler.minReplicas), autoscaler.maxReplicas];
	const longest = Math.max(1, Math.floor(partOfContext * engine.engine.maxModelLen));
	const tokens = {prompt: Math.min(usual.prompt, longest), output: Math.min(usual.output, longest)};
	const largest = largestBatch(engine, tokens);
	const target = autoscaler === 'none' ? undefined : targetOf(autoscaler, customMetrics);
	const isBelow = target !== undefined && target < largest;
	const batch = isBelow ? target : largest;
	const perSecond = rateOf(engine.costs, batch, tokens);
	const wanted = Math.max(least, Math.ceil(partOfMost * most)) * perSecond;
	const peak = Math.min(wanted, Math.max(mostPerSecond, timesLeast * least * perSecond));
	return {
		tokens,
		rates: {low: twoDigits(Math.min(0.5 * least * perSecond, peak / 2)), peak: twoDigits(peak)},
		pod: {
			perSecond: twoDigits(perSecond),
			batch: Math.round(batch),
			at: isBelow ? 'the autoscaler’s target' : 'as many as fit into its batch',
		},
	};
}

type Tokens = EngineLoad['tokens'];

/** Requests that an engine has in its batch at most: by its setting, its KV cache and the tokens of a step. */
function largestBatch({engine}: EngineModel, {prompt, output}: Tokens): number {
	const {maxNumSeqs, maxNumBatchedTokens, kvBlocks, blockTokens} = engine;
	const inCache = (kvBlocks * blockTokens) / (prompt + output);
	const inStep = maxNumBatchedTokens / (1 + prompt / output);
	return Math.max(1, Math.floor(Math.min(maxNumSeqs, inCache, inStep)));
}

/** Requests a second of a steady batch: each step gives every one a token, and computes prompts in the place of the ones that end. */
function rateOf(costs: StepCosts, batch: number, {prompt, output}: Tokens): number {
	const {base, perToken, measured, perSequence, perKvToken, allReduce} = costs;
	const inStep = batch * (1 + prompt / output);
	const seconds =
		base +
		allReduce.perStep +
		(perToken + allReduce.perToken) * inStep +
		(measured === undefined ? 0 : measuredAt(measured, inStep)) +
		perSequence * batch +
		perKvToken * batch * (prompt + output / 2);
	return batch / (output * seconds);
}

function measuredAt({tokens, seconds}: NonNullable<StepCosts['measured']>, count: number): number {
	const above = tokens.findIndex(value => value >= count);
	return above === -1 ? (seconds.at(-1)! * count) / tokens.at(-1)! : seconds[above]!;
}

/** Requests that a pod runs at the target of a metric of running requests; undefined where no metric shows them. */
function targetOf({metrics}: HpaSpec, customMetrics: CustomMetrics | undefined): number | undefined {
	const sources = Object.values(customMetrics?.series ?? {}).map(({source}) => source);
	const isOfRunning = sources.length > 0 && sources.every(source => source === 'running' || source === 'in-flight');
	for (const {target} of isOfRunning ? metrics : []) {
		if (target.type === 'AverageValue' && target.averageValueMilli >= 1000) {
			return target.averageValueMilli / 1000;
		}
	}

	return undefined;
}

function twoDigits(value: number): number {
	return Number(value.toPrecision(2));
}
