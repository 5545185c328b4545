import {answerCase, type CaseAnswer} from '../../autoscaler/case-input.ts';
import {DecideCase} from '../../autoscaler/decide-case.ts';
import {hpaObjectSpec} from '../../autoscaler/hpa-manifest.ts';
import type {HpaSpec} from '../../autoscaler/hpa-spec.ts';
import {formatQuantityMilli} from '../../autoscaler/quantity.ts';
import type {LintedWorkload, LintSubject} from '../subject.ts';
import type {CaseDocument, WitnessCase} from './witness.ts';

/** Amounts of a resource by container, in milli-units. */
export type Use = Readonly<Record<string, Readonly<Record<string, number>>>>;

export type Moment = {
	/** Time since the beginning of the load [s]; 0 when left out. */
	readonly at?: number;
	readonly replicas: number;
	/** Use of each of the equal pods. */
	readonly use?: Use;
	/** Requests of the containers in the place of the manifest's, in milli-units. */
	readonly requests?: Use;
	/** Value of each pod's custom metrics, in milli-units. */
	readonly podMetrics?: Readonly<Record<string, number>>;
	/** Values of External metrics, in milli-units. */
	readonly externalMetrics?: Readonly<Record<string, number>>;
	/** Values of Object metrics, in milli-units. */
	readonly objectMetrics?: Readonly<Record<string, number>>;
};

/** Time since the pods began [s]. */
const longRunning = 86_400;

type Amounts = Readonly<Record<string, number>>;

/** Case of an HPA at a moment at which all of its pods are Ready, have long been so, and use the same. */
export function caseDocument(spec: HpaSpec, workload: LintedWorkload | undefined, moment: Moment): CaseDocument {
	const {at = 0, replicas, use = {}, requests = {}, podMetrics, externalMetrics, objectMetrics} = moment;
	const names = Array.from({length: replicas}, (_, index) => `pod-${index}`);
	const containers = workload?.containers ?? [];
	const plain = containers.filter(({isSidecar}) => !isSidecar);
	const sidecars = containers.filter(({isSidecar}) => isSidecar);
	const described = (list: typeof containers) =>
		list.map(({name, requests: own}) => ({name, requests: quantities(requests[name] ?? milliAmounts(own))}));
	return {
		now: longRunning + at,
		hpa: hpaObjectSpec(spec),
		scale: {specReplicas: replicas},
		pods: names.map(name => ({
			name,
			startTime: 0,
			ready: {status: true, lastTransitionTime: 0},
			containers: described(plain),
			...(sidecars.length > 0 && {
				initContainers: described(sidecars).map(sidecar => ({...sidecar, restartPolicy: 'Always'})),
			}),
		})),
		podMetrics: names.map(name => ({
			name,
			containers: Object.entries(use).map(([container, usage]) => ({name: container, usage: quantities(usage)})),
			...(podMetrics !== undefined && {metrics: quantities(podMetrics)}),
		})),
		...(externalMetrics !== undefined && {externalMetrics: quantities(externalMetrics)}),
		...(objectMetrics !== undefined && {objectMetrics: quantities(objectMetrics)}),
	};
}

/** The autoscaler's answer to a case. */
export function answerOf(document: CaseDocument): CaseAnswer {
	return answerCase(DecideCase.parse(document));
}

/** A case of a subject together with its answer. */
export function answered({autoscaler, workload}: LintSubject, moment: Moment): WitnessCase {
	const document = caseDocument(autoscaler.spec, workload, moment);
	return {case: document, desiredReplicas: answerOf(document).desiredReplicas};
}

/** Amounts of resources in milli-units: cores and bytes as an experiment has them. */
export function milliAmounts(resources: Readonly<Record<string, number | undefined>>): Amounts {
	return Object.fromEntries(
		Object.entries(resources).flatMap(([name, amount]) =>
			amount === undefined ? [] : [[name, Math.round(amount * 1000)]],
		),
	);
}

function quantities(amounts: Amounts): Record<string, string> {
	return Object.fromEntries(
		Object.entries(amounts).map(([name, milli]) => [name, formatQuantityMilli(Math.round(milli))]),
	);
}
