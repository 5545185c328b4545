/** Counts for one metric of an autoscaler over the reconciles of a run. */
type MetricCounts = {
	/** Reconciles in which it had no value. */
	readonly invalid: number;
	/** The controller's words, the first time. */
	readonly error?: string;
	/** Reconciles in which it alone asked for the pods that there were, and all other metrics for fewer. */
	readonly alone: number;
	/** The highest that it was seen at [percent of the request]; left out where it is no utilization. */
	readonly highestUtilization?: number;
	/** The highest average value that it was seen at [milli-units]; left out of a utilization. */
	readonly highestAverageMilli?: number;
};

/** Counts of an autoscaler's decisions over the reconciles of a run. */
export type ControlCounts = {
	readonly reconciles: number;
	/** Reconciles in which no metric had a value. */
	readonly withoutMetric: number;
	/** Reconciles that would have scaled down, but for a metric without a value. */
	readonly blocked: number;
	/** The reason of the condition ScalingActive, the first time that it was false for want of a metric. */
	readonly failure?: string;
	/** Reconciles in which metrics asked for more pods than there were. */
	readonly wantedMore: number;
	/** Reconciles at maxReplicas in which metrics asked for no fewer. */
	readonly atMost: number;
	readonly scaleUps: number;
	readonly scaleDowns: number;
	/** In the order of the HPA. */
	readonly metrics: readonly MetricCounts[];
};

/** A decision of the autoscaler, as far as it is counted. */
type Counted = {
	readonly desiredReplicas: number;
	readonly proposal?: number;
	readonly metrics: readonly {
		readonly proposal?: number;
		readonly utilization?: number;
		readonly averageValueMilli?: number;
		readonly error?: string;
	}[];
	readonly reasons: readonly string[];
	readonly error?: string;
};

type Growing<T> = {-readonly [Name in keyof T]: T[Name]};

/** Counts what an autoscaler decides. */
export class ControlCounter {
	readonly #maxReplicas: number;
	readonly #counts: Growing<Omit<ControlCounts, 'metrics'>> = {
		reconciles: 0,
		withoutMetric: 0,
		blocked: 0,
		wantedMore: 0,
		atMost: 0,
		scaleUps: 0,
		scaleDowns: 0,
	};
	readonly #metrics: Growing<MetricCounts>[] = [];

	constructor({maxReplicas}: {readonly maxReplicas: number}) {
		this.#maxReplicas = maxReplicas;
	}

	/** A reconcile. */
	decision(replicas: number, {desiredReplicas, proposal, metrics, reasons, error}: Counted): void {
		const counts = this.#counts;
		counts.reconciles++;
		counts.scaleUps += desiredReplicas > replicas ? 1 : 0;
		counts.scaleDowns += desiredReplicas < replicas ? 1 : 0;
		if (error !== undefined) {
			counts.failure ??= reasons[0] ?? '';
			counts[proposal === undefined ? 'withoutMetric' : 'blocked']++;
		}

		if (proposal !== undefined) {
			counts.wantedMore += proposal > replicas ? 1 : 0;
			const isFull = replicas === this.#maxReplicas && desiredReplicas === this.#maxReplicas;
			counts.atMost += isFull && proposal >= this.#maxReplicas ? 1 : 0;
		}

		this.#countMetrics(replicas, metrics);
	}

	/** Counts until now; undefined when there was no reconcile. */
	get counts(): ControlCounts | undefined {
		return this.#counts.reconciles === 0 ? undefined : {...this.#counts, metrics: this.#metrics};
	}

	#countMetrics(replicas: number, metrics: Counted['metrics']): void {
		let holding = -1;
		let holders = 0;
		let valid = 0;
		for (const [index, {proposal, utilization, averageValueMilli, error}] of metrics.entries()) {
			this.#metrics[index] ??= {invalid: 0, alone: 0};
			const counts = this.#metrics[index];
			if (proposal === undefined) {
				counts.invalid++;
				if (error !== undefined) {
					counts.error ??= error;
				}
			} else {
				valid++;
				if (proposal >= replicas) {
					holding = index;
					holders++;
				}
			}

			if (utilization !== undefined && !(utilization <= (counts.highestUtilization ?? -1))) {
				counts.highestUtilization = utilization;
			}

			if (utilization === undefined && averageValueMilli !== undefined) {
				counts.highestAverageMilli = Math.max(averageValueMilli, counts.highestAverageMilli ?? 0);
			}
		}

		if (valid > 1 && valid === metrics.length && holders === 1 && metrics[holding]!.proposal === replicas) {
			this.#metrics[holding]!.alone++;
		}
	}
}

/** Adds up the counts of several runs of one autoscaler; undefined when nothing was counted. */
export function addUpControl(runs: readonly (ControlCounts | undefined)[]): ControlCounts | undefined {
	const counted = runs.filter(run => run !== undefined);
	const [first] = counted;
	if (first === undefined) {
		return undefined;
	}

	const total = (of: (counts: ControlCounts) => number) => counted.reduce((sum, counts) => sum + of(counts), 0);
	const failure = counted.find(counts => counts.failure !== undefined)?.failure;
	const longest = counted.reduce((most, {metrics}) => Math.max(most, metrics.length), 0);
	return {
		reconciles: total(counts => counts.reconciles),
		withoutMetric: total(counts => counts.withoutMetric),
		blocked: total(counts => counts.blocked),
		...(failure !== undefined && {failure}),
		wantedMore: total(counts => counts.wantedMore),
		atMost: total(counts => counts.atMost),
		scaleUps: total(counts => counts.scaleUps),
		scaleDowns: total(counts => counts.scaleDowns),
		metrics: Array.from({length: longest}, (_, index) =>
			addUpMetrics(counted.flatMap(({metrics}) => metrics[index] ?? [])),
		),
	};
}

function addUpMetrics(counted: readonly MetricCounts[]): MetricCounts {
	const error = counted.find(counts => counts.error !== undefined)?.error;
	const highest = counted.reduce((most, {highestUtilization = -1}) => Math.max(most, highestUtilization), -1);
	const averages = counted.flatMap(({highestAverageMilli}) => highestAverageMilli ?? []);
	return {
		invalid: counted.reduce((sum, {invalid}) => sum + invalid, 0),
		...(error !== undefined && {error}),
		alone: counted.reduce((sum, {alone}) => sum + alone, 0),
		...(highest >= 0 && {highestUtilization: highest}),
		...(averages.length > 0 && {highestAverageMilli: Math.max(...averages)}),
	};
}
