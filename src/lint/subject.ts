import type {HpaSpec} from '../autoscaler/hpa-spec.ts';
import type {KedaSpec} from '../autoscaler/keda/keda-spec.ts';
import type {Container} from '../experiment/experiment.ts';

/** TextPlace in a file; line and column count from 1. */
export type TextPlace = {readonly file: string; readonly line?: number; readonly column?: number};

/** Object of a manifest, and where its parts stand. */
export type LintedObject = {
	readonly kind: string;
	readonly name: string;
	readonly namespace?: string;
	/** TextPlace of a part; of the nearest part above it where it is left out. */
	readonly placeOf: (...path: readonly (string | number)[]) => TextPlace;
	/** Rules that its annotation turns off. */
	readonly ignores: readonly string[];
};

export type LintedAutoscaler = LintedObject & {
	/** The HPA; the one that KEDA makes of a ScaledObject. */
	readonly spec: HpaSpec;
	/** Workload that it scales. */
	readonly target: {readonly kind: string; readonly name: string};
	/** Left out of an HPA. */
	readonly keda?: KedaSpec;
	/** The manifest in the form of its newest version, as plain data. */
	readonly manifest: unknown;
	/** Keys of its `spec` that the manifest gives. */
	readonly given: ReadonlySet<string>;
};

/** Container that counts in a pod's utilization; a native sidecar among them. */
export type LintedContainer = Container & {readonly isSidecar?: true};

export type LintedWorkload = LintedObject & {
	readonly containers: readonly LintedContainer[];
	/** Whether the pod itself has requests, in the place of its containers'. */
	readonly hasPodRequests: boolean;
	/** Whether an annotation or a label has a container put into each pod, of which the manifest says nothing. */
	readonly isInjected?: true;
	/** Container that does the work; left out where nothing tells it from the others. */
	readonly worker?: string;
	/** Requests that a pod runs at a time, where its arguments say it. */
	readonly parallel?: number;
	/** Threads of the worker, where its arguments say it. */
	readonly threads?: number;
	/** Service model whose LLM the pod runs, where its arguments name one that is known. */
	readonly model?: string;
};

export type LintedBudget = LintedObject & {
	readonly minAvailable?: number | string;
	readonly maxUnavailable?: number | string;
};

export type LintedVertical = LintedObject & {
	readonly updateMode: string;
	/** Containers by name, `*` for all others, and the resources whose requests it sets. */
	readonly controls: readonly {readonly container: string; readonly resources: readonly string[]}[];
};

/** An autoscaler with all that belongs to it. */
export type LintSubject = {
	readonly autoscaler: LintedAutoscaler;
	/** Left out where none of the files holds it, or several do. */
	readonly workload?: LintedWorkload;
	readonly budgets: readonly LintedBudget[];
	readonly verticals: readonly LintedVertical[];
	/** Other autoscalers of the same workload, of the same file or build: those of two files may be alternatives. */
	readonly rivals: readonly LintedAutoscaler[];
	/** Whether a LimitRange of the namespace gives containers their requests. */
	readonly hasDefaultRequests: boolean;
};

/** `HorizontalPodAutoscaler shop/web`. */
export function objectWords({kind, name, namespace}: Pick<LintedObject, 'kind' | 'name' | 'namespace'>): string {
	return `${kind} ${namespace === undefined ? name : `${namespace}/${name}`}`;
}
