import {
	type AutoscalerState,
	controllerConfig,
	type PodMetricsView,
	type PodView,
	type ReconcileInput,
} from './contracts.ts';
import type {DecideCase} from './decide-case.ts';
import {type Decision, reconcile} from './reconcile.ts';
import {defaultedRequests} from './resource-list.ts';

/** A question to the autoscaler, whole. */
type CaseInput = {readonly input: ReconcileInput; readonly state: AutoscalerState};

type CasePod = NonNullable<DecideCase['pods']>[number];
type CaseContainer = NonNullable<CasePod['containers']>[number];
type CaseMetrics = NonNullable<DecideCase['podMetrics']>[number];

/** The controller's default where a metric does not say what span it covers [s]. */
const defaultWindow = 60;

/** A pod that a case does not describe has run for this long [s]. */
const longRunning = 86_400;

/**
 * Fills in what a case leaves out: Kubernetes' defaults, and without `pods` as many ready ones as the scale asks for.
 * A history that is left out is empty; it is not seeded.
 */
export function caseInput(given: DecideCase): CaseInput {
	const now = given.now ?? latestTime(given);
	const podMetrics = given.podMetrics?.map(pod => podMetricsView(pod, now)) ?? null;
	const specReplicas = given.scale?.specReplicas ?? given.pods?.length ?? 1;
	const {objectMetrics, externalMetrics, history} = given;
	return {
		input: {
			now,
			spec: given.hpa,
			controller: controllerOf(given),
			specReplicas,
			statusReplicas: given.scale?.statusReplicas ?? specReplicas,
			...(given.scale?.scaledToZero != null && {isScaledToZero: given.scale.scaledToZero}),
			pods: given.pods?.map(podView) ?? readyPods(specReplicas, podMetrics ?? [], now),
			podMetrics,
			...(objectMetrics && {objectMetrics}),
			...(externalMetrics && {externalMetrics}),
		},
		state: {
			recommendations: history?.recommendations ?? [],
			scaleUps: history?.scaleUps ?? [],
			scaleDowns: history?.scaleDowns ?? [],
		},
	};
}

function controllerOf({kubernetes, controller}: DecideCase): ReconcileInput['controller'] {
	const {toleranceUp, toleranceDown, ...flags} = given(controller ?? {});
	return {
		...controllerConfig({...(kubernetes != null && {kubernetes}), controller: flags}),
		...given({toleranceUp, toleranceDown}),
	};
}

type Given<T> = {[Key in keyof T]?: NonNullable<T[Key]>};

// Null is the same as left out.
function given<T extends object>(values: T): Given<T> {
	return Object.fromEntries(Object.entries(values).filter(([, value]) => value != null)) as Given<T>;
}

// A case without a clock is asked at its last event.
function latestTime({podMetrics, history}: DecideCase): number {
	const events = [...(history?.recommendations ?? []), ...(history?.scaleUps ?? []), ...(history?.scaleDowns ?? [])];
	const times = [...(podMetrics ?? []).map(({timestamp}) => timestamp ?? 0), ...events.map(({time}) => time)];
	return times.reduce((latest, time) => Math.max(latest, time), 0);
}

function podView(pod: CasePod): PodView {
	const {name, phase, startTime, ready, deletionTimestamp, containers, initContainers, requests} = pod;
	return {
		name,
		phase: phase ?? 'Running',
		...(startTime != null && {startTime}),
		...(ready && {
			// Kubernetes' zero time lies before every other.
			ready: {status: ready.status, lastTransitionTime: ready.lastTransitionTime ?? Number.NEGATIVE_INFINITY},
		}),
		...(deletionTimestamp != null && {deletionTimestamp}),
		containers: [
			...(containers ?? []).map(containerView),
			...(initContainers ?? []).filter(isSidecar).map(sidecar => ({...containerView(sidecar), isSidecar: true})),
		],
		...(requests && {requests}),
	};
}

// The controller counts only the init containers that run beside the others.
function isSidecar({restartPolicy}: NonNullable<CasePod['initContainers']>[number]): boolean {
	return restartPolicy === 'Always';
}

function containerView({name, requests, limits}: CaseContainer): PodView['containers'][number] {
	return {name, requests: defaultedRequests(requests ?? {}, limits ?? {})};
}

function podMetricsView({name, timestamp, window, containers, metrics}: CaseMetrics, now: number): PodMetricsView {
	return {
		name,
		timestamp: timestamp ?? now,
		window: window ?? defaultWindow,
		containers: containers?.map(container => ({name: container.name, usage: container.usage ?? {}})) ?? [],
		...(metrics && {metrics}),
	};
}

// The pods that metrics name come first; their containers have no requests, for none are given.
function readyPods(count: number, podMetrics: readonly PodMetricsView[], now: number): PodView[] {
	const names = new Set(podMetrics.slice(0, count).map(({name}) => name));
	for (let index = 0; names.size < count; index++) {
		names.add(`pod-${index}`);
	}

	const since = now - longRunning;
	const byName = new Map(podMetrics.toReversed().map(pod => [pod.name, pod])); // of one name the first
	return [...names].map(name => ({
		name,
		phase: 'Running',
		startTime: since,
		ready: {status: true, lastTransitionTime: since},
		containers: byName.get(name)?.containers.map(container => ({name: container.name, requests: {}})) ?? [],
	}));
}

/** Decision on a case as it is printed, under the case's name. */
export type CaseAnswer = Omit<Decision, 'recommendation'> & {
	readonly id?: string | number;
	/** Assumptions, where a case says less than it could. */
	readonly notes?: readonly string[];
};

/** Decides on a case that was read, and adds the notes of its reading. */
export function answerCase(given: DecideCase, notes: readonly string[] = []): CaseAnswer {
	const {input, state} = caseInput(given);
	const answer = namedAnswer(given.id ?? undefined, reconcile(input, state));
	return notes.length === 0 ? answer : {...answer, notes};
}

export function namedAnswer(id: string | number | undefined, {recommendation: _, ...decision}: Decision): CaseAnswer {
	return id === undefined ? decision : {id, ...decision};
}
