import {type ModifierFormula, parseModifierFormula} from './formula.ts';
import {compositeMetric, type KedaFallback, type KedaSpec, type KedaTrigger, milliOf} from './keda-spec.ts';

/** Value that a trigger's scaler got, or the error that it got instead. */
export type TriggerReading = {readonly value: number} | {readonly error: string};

/** Pods of the target, which a fallback looks at. */
export type TargetSize = {readonly replicas: number; readonly readyReplicas: number};

/** A trigger's metric after the fallback. */
type TriggerMetric = {
	/** Left out where it has none: it failed and does not fall back yet. */
	readonly milli?: number;
	readonly isActive: boolean;
	readonly isFallback: boolean;
	readonly error?: string;
};

/** State of all triggers at one poll. */
export type TriggersState = {
	readonly isActive: boolean;
	readonly isError: boolean;
	readonly isFallback: boolean;
	/** Names of the metrics of the triggers that are active. */
	readonly activeTriggers: readonly string[];
	/** Metric of the formula in thousandths, where there is one. */
	readonly composite?: number;
};

/** Most negative 64-bit number: Go's conversion of a double that has no room, on amd64. */
const leastInt64 = -(2 ** 63);

/**
 * Triggers of one ScaledObject: their activity at a poll, and the External metrics that KEDA's metrics server gives to the
 * HPA. It counts the failures of each trigger for the fallback.
 *
 * @see KEDA v2.20 pkg/scaling/scale_handler.go, pkg/fallback/fallback.go, pkg/scaling/modifiers/formula.go
 */
export class Triggers {
	readonly #spec: KedaSpec;
	readonly #external: readonly KedaTrigger[];
	readonly #formula: ModifierFormula | undefined;
	/** Failures in a row by metric, kept where there is a fallback. */
	readonly #failures: Map<string, number>;
	/** Values of the last poll that are kept for the metrics server. */
	readonly #records = new Map<string, TriggerMetric>();

	/** @param failures - in a row until now, by metric */
	constructor(spec: KedaSpec, failures: Readonly<Record<string, number>> = {}) {
		this.#spec = spec;
		this.#external = spec.triggers.filter(({metric}) => metric !== undefined);
		this.#formula =
			spec.modifiers &&
			parseModifierFormula(
				spec.modifiers.formula,
				this.#external.flatMap(({name}) => name ?? []),
			);
		this.#failures = new Map(Object.entries(failures));
	}

	/** Looks at each trigger, as the operator does every polling interval. */
	poll(read: (trigger: KedaTrigger) => TriggerReading, size: TargetSize): TriggersState {
		const metrics = new Map<string, TriggerMetric>();
		for (const trigger of this.#external) {
			const metric = this.#withFallback(trigger, readingOf(trigger, read(trigger)), size);
			metrics.set(trigger.metric!, metric);
			if (trigger.usesCachedMetrics) {
				this.#records.set(trigger.metric!, metric);
			}
		}

		const isError = [...metrics.values()].some(({error}) => error !== undefined);
		const isFallback = [...metrics.values()].some(metric => metric.isFallback);
		const active = [...metrics].filter(([, {isActive}]) => isActive).map(([name]) => name);
		const own = {isActive: active.length > 0, activeTriggers: active};
		const state = this.#spec.modifiers === undefined ? own : this.#formulaState(metrics, isError);
		// cpu and memory activate nothing beside other triggers, and are always active alone.
		return {...state, isActive: state.isActive || this.#external.length === 0, isError, isFallback};
	}

	/**
	 * External metric that the metrics server gives to the HPA now.
	 *
	 * @returns thousandths, or the reason why there is none
	 */
	serve(
		name: string,
		read: (trigger: KedaTrigger) => TriggerReading,
		size: TargetSize,
	): {readonly milli: number} | {readonly error: string} {
		const isComposite = this.#spec.modifiers !== undefined;
		const metrics = new Map<string, TriggerMetric>();
		for (const trigger of this.#external) {
			if (isComposite || trigger.metric === name) {
				const kept = trigger.usesCachedMetrics ? this.#records.get(trigger.metric!) : undefined;
				const metric = kept === undefined ? readingOf(trigger, read(trigger)) : {...kept, isFallback: false};
				metrics.set(trigger.metric!, this.#withFallback(trigger, metric, size));
			}
		}

		const all = [...metrics.values()];
		const failed = all.find(({error}) => error !== undefined);
		if (failed !== undefined && !all.some(({isFallback}) => isFallback)) {
			return {error: `metric:${name} encountered error`};
		}

		const milli = isComposite ? this.#compositeOf(metrics) : metrics.get(name)?.milli;
		return milli === undefined ? {error: `no matching metrics found for ${name}`} : {milli};
	}

	#formulaState(
		metrics: ReadonlyMap<string, TriggerMetric>,
		isError: boolean,
	): Omit<TriggersState, 'isError' | 'isFallback'> {
		const composite = this.#compositeOf(metrics);
		const isActive = !isError && composite !== undefined && composite / 1000 > this.#spec.modifiers!.activationTarget;
		return {
			isActive,
			activeTriggers: isActive ? [compositeMetric] : [],
			...(composite !== undefined && {composite}),
		};
	}

	/** Result of the formula, or the first metric that falls back, in thousandths. */
	#compositeOf(metrics: ReadonlyMap<string, TriggerMetric>): number | undefined {
		const fallback = [...metrics.values()].find(({isFallback}) => isFallback);
		if (fallback !== undefined) {
			return fallback.milli;
		}

		const {modifiers, fallback: rule} = this.#spec;
		const values = this.#external.flatMap(({name, metric}) => {
			const {milli} = metrics.get(metric!) ?? {};
			const isNil = this.#isNil(metric!);
			return milli === undefined && !isNil ? [] : [[name!, isNil ? null : milli! / 1000] as const];
		});
		const result = this.#formula!.compute(new Map(values));
		const value = result === null ? rule && rule.replicas * modifiers!.target : result;
		return value === undefined ? undefined : Number.isFinite(value) ? Math.trunc(value * 1000) : leastInt64;
	}

	#isNil(metric: string): boolean {
		const {fallback} = this.#spec;
		return fallback?.behavior === 'scalingModifiers' && (this.#failures.get(metric) ?? 0) > fallback.failureThreshold;
	}

	#withFallback(trigger: KedaTrigger, metric: TriggerMetric, size: TargetSize): TriggerMetric {
		const {fallback, modifiers} = this.#spec;
		const isValid = modifiers === undefined || (Number.isInteger(modifiers.target) && modifiers.target > 0);
		if (fallback === undefined || !isValid) {
			return metric;
		}

		if (metric.error === undefined) {
			this.#failures.set(trigger.metric!, 0);
			return metric;
		}

		const failures = (this.#failures.get(trigger.metric!) ?? 0) + 1;
		this.#failures.set(trigger.metric!, failures);
		if (failures <= fallback.failureThreshold) {
			return metric;
		}

		if (fallback.behavior === 'scalingModifiers') {
			return {milli: -1000, isActive: false, isFallback: false};
		}

		const milli = this.#fallbackMilli(trigger, fallback, size);
		return milli === undefined
			? {isActive: false, isFallback: false, error: 'error performing fallback'}
			: {milli, isActive: true, isFallback: true};
	}

	/** @see KEDA v2.20 pkg/fallback/fallback.go, doFallback */
	#fallbackMilli({target}: KedaTrigger, fallback: KedaFallback, size: TargetSize): number | undefined {
		const {modifiers} = this.#spec;
		const isValue = (modifiers?.metricType ?? target.type) === 'Value';
		if (isValue && size.readyReplicas === 0) {
			return undefined;
		}

		const replicas = fallbackReplicas(fallback, size.replicas) / (isValue ? size.readyReplicas : 1);
		const one = modifiers === undefined ? targetValue(target) : modifiers.target;
		return Math.trunc(one * 1000 * replicas);
	}
}

function readingOf({activation}: KedaTrigger, reading: TriggerReading): TriggerMetric {
	return 'error' in reading
		? {isActive: false, isFallback: false, error: reading.error}
		: {milli: milliOf(reading.value), isActive: reading.value > activation, isFallback: false};
}

function fallbackReplicas({behavior, replicas}: KedaFallback, current: number): number {
	switch (behavior) {
		case 'currentReplicas':
			return current;
		case 'currentReplicasIfHigher':
			return Math.max(current, replicas);
		case 'currentReplicasIfLower':
			return Math.min(current, replicas);
		default:
			return replicas;
	}
}

function targetValue(target: KedaTrigger['target']): number {
	switch (target.type) {
		case 'AverageValue':
			return target.averageValueMilli / 1000;
		case 'Value':
			return target.valueMilli / 1000;
		case 'Utilization':
			return Number.NaN;
	}
}
