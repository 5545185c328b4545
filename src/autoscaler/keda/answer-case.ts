import {answerCase, type CaseAnswer, caseInput} from '../case-input.ts';
import type {DecideCase, KedaCase} from '../decide-case.ts';
import {formatQuantityMilli} from '../quantity.ts';
import {type AutoscalerState, type Decision, type ReconcileInput, reconcile} from '../reconcile.ts';
import {CronWindow} from './cron.ts';
import {kedaHpaOf, kedaHpaSpecOf} from './keda-hpa.ts';
import {compositeMetric, type KedaSpec, type KedaTrigger} from './keda-spec.ts';
import {type OperatorReason, requestScale} from './operator.ts';
import {kedaRemarks, kedaSpecOf} from './scaled-object.ts';
import {servedNames} from './served-names.ts';
import {givenValue, type TriggerValues} from './trigger-values.ts';
import {type TargetSize, type TriggerReading, Triggers} from './triggers.ts';

/** Answer to a case of a ScaledObject. */
export type KedaAnswer = {
	readonly id?: string | number;
	/** Replicas of the target once operator and HPA have looked. */
	readonly desiredReplicas: number;
	readonly decidedBy: 'operator' | 'HPA' | 'nobody';
	readonly active: boolean;
	/** Metrics of the triggers that are active. */
	readonly activeTriggers: readonly string[];
	readonly fallback: boolean;
	readonly operator: {readonly replicas?: number; readonly reason: OperatorReason};
	/** External metrics that the HPA gets, as quantities, or the error that it gets instead. */
	readonly externalMetrics: Readonly<Record<string, string | {readonly error: string}>>;
	/** Left out where KEDA is paused and has taken the HPA away. */
	readonly hpa?: ReturnType<typeof kedaHpaOf>;
	/** The HPA's decision by itself. */
	readonly hpaDecision?: Omit<Decision, 'recommendation'>;
	readonly notes?: readonly string[];
};

/** Answer with what led to it. */
export type ExplainedKedaCase = {
	readonly answer: KedaAnswer;
	readonly keda: KedaSpec;
	readonly replicas: number;
	readonly readings: readonly {readonly trigger: KedaTrigger; readonly reading: TriggerReading}[];
	/** Question to the HPA; left out where there is none. */
	readonly question?: {readonly input: ReconcileInput; readonly state: AutoscalerState};
};

/** Decides on a case that was read, of an HPA or of a ScaledObject. */
export function answerGiven(given: DecideCase | KedaCase, notes: readonly string[] = []): CaseAnswer | KedaAnswer {
	return 'scaledObject' in given ? answerKedaCase(given, notes).answer : answerCase(given, notes);
}

/**
 * Decides on a case of a ScaledObject: what KEDA's operator does, which External metrics its metrics server gives, and what
 * the HPA makes of them.
 */
export function answerKedaCase(given: KedaCase, notes: readonly string[] = []): ExplainedKedaCase {
	const {scaledObject, triggerValues, operator, ...rest} = given;
	const allNotes = [...notes, ...kedaRemarks(scaledObject)];
	const keda = kedaSpecOf(scaledObject);
	const bare = caseInput({...rest, hpa: kedaHpaSpecOf(scaledObject)});
	const {now, specReplicas: replicas, pods} = bare.input;
	const read = readerOf(triggerValues ?? {}, now);
	const size = {replicas, readyReplicas: pods.filter(({ready}) => ready?.status === true).length};
	const failures = operator?.failures ?? {};
	const state = new Triggers(keda, failures).poll(read, size);
	const decision = requestScale(keda, {
		now,
		created: operator?.created ?? Number.NEGATIVE_INFINITY,
		lastActive: operator?.lastActive ?? undefined,
		replicas,
		...state,
	});
	const served = servedMetrics(keda, failures, read, size);
	const externalMetrics = Object.fromEntries(
		[...served].flatMap(([name, metric]) => ('milli' in metric ? [[name, metric.milli]] : [])),
	);
	const input = {...bare.input, externalMetrics};
	const question = keda.paused === undefined ? {input, state: bare.state} : undefined;
	const answer = {
		...(given.id != null && {id: given.id}),
		...resultOf(keda, decision.replicas, replicas, question && reconcile(question.input, question.state)),
		active: state.isActive,
		activeTriggers: state.activeTriggers,
		fallback: state.isFallback,
		operator: {...(decision.replicas !== undefined && {replicas: decision.replicas}), reason: decision.reason},
		externalMetrics: Object.fromEntries(
			[...served].map(([name, metric]) => [name, 'milli' in metric ? formatQuantityMilli(metric.milli) : metric]),
		),
		...(question && {hpa: kedaHpaOf(scaledObject), hpaDecision: withoutLog(reconcile(question.input, question.state))}),
		...(allNotes.length > 0 && {notes: allNotes}),
	};
	const readings = keda.triggers.flatMap(trigger =>
		trigger.metric === undefined ? [] : [{trigger, reading: read(trigger)}],
	);
	return {answer, keda, replicas, readings, ...(question && {question})};
}

/** The operator looks first: what it sets stands until the HPA's next look. */
function resultOf(
	{paused}: KedaSpec,
	set: number | undefined,
	replicas: number,
	decision: Decision | undefined,
): Pick<KedaAnswer, 'desiredReplicas' | 'decidedBy'> {
	const operator = paused === undefined ? set : paused.replicas;
	if (operator !== undefined && operator !== replicas) {
		return {desiredReplicas: operator, decidedBy: 'operator'};
	}

	const desiredReplicas = decision?.desiredReplicas ?? replicas;
	return {desiredReplicas, decidedBy: desiredReplicas === replicas ? 'nobody' : 'HPA'};
}

function withoutLog({recommendation: _, ...decision}: Decision): Omit<Decision, 'recommendation'> {
	return decision;
}

function servedMetrics(
	keda: KedaSpec,
	failures: Readonly<Record<string, number>>,
	read: (trigger: KedaTrigger) => TriggerReading,
	size: TargetSize,
) {
	const triggers = new Triggers(keda, failures);
	return new Map(servedNames(keda, compositeMetric).map(name => [name, triggers.serve(name, read, size)]));
}

function readerOf(values: TriggerValues, now: number): (trigger: KedaTrigger) => TriggerReading {
	return trigger => {
		const value = givenValue(trigger, values);
		if (value === undefined && trigger.source.kind === 'cron') {
			return {value: new CronWindow(trigger.source).isActive(now) ? trigger.source.desiredReplicas : 0};
		}

		return value === undefined || value === 'error' ? {error: 'no value'} : {value: value / 1000};
	};
}
