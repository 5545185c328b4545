import {caseInput} from '../../autoscaler/case-input.ts';
import type {AutoscalerState} from '../../autoscaler/contracts.ts';
import {DecideCase} from '../../autoscaler/decide-case.ts';
import {commit, reconcile} from '../../autoscaler/reconcile.ts';
import type {LintedWorkload, LintSubject} from '../subject.ts';
import {answered, caseDocument, type Moment} from './case-document.ts';
import type {Witness, WitnessCase, WitnessStep} from './witness.ts';

/** Period of the HPA controller [s]. */
const period = 15;

export type ControlLineOptions = {
	/** Load in words. */
	readonly load: string;
	/** Pods at the beginning. */
	readonly from: number;
	readonly seconds?: number;
	/** Use and metrics of the pods after so many seconds, when there are so many. */
	readonly momentAt: (at: number, replicas: number) => Moment;
	readonly workloadAt?: (at: number) => LintedWorkload | undefined;
	readonly remarkAt?: (at: number) => string | undefined;
};

/** Decisions of the autoscaler itself, period after period, where its metrics are known and its pods start at once. */
export function controlLine(subject: LintSubject, options: ControlLineOptions): Witness {
	const {load, from, seconds = 600, momentAt, remarkAt} = options;
	const {spec} = subject.autoscaler;
	const state: AutoscalerState = {recommendations: [], scaleUps: [], scaleDowns: []};
	const timeline: WitnessStep[] = [];
	const cases: WitnessCase[] = [];
	let replicas = from;
	for (let at = 0; at <= seconds; at += period) {
		const workload = options.workloadAt?.(at) ?? subject.workload;
		const moment = momentAt(at, replicas);
		const {input} = caseInput(DecideCase.parse(caseDocument(spec, workload, {...moment, at})));
		const decision = reconcile(input, state);
		const remark = remarkAt?.(at);
		timeline.push({
			at,
			replicas,
			desired: decision.desiredReplicas,
			metrics: decision.metrics,
			...(remark !== undefined && {remark}),
		});
		if (cases.length === 0 || (decision.desiredReplicas !== replicas && cases.length < 4)) {
			cases.push(answered({...subject, ...(workload !== undefined && {workload})}, moment));
		}

		commit(state, input, decision);
		replicas = decision.desiredReplicas;
	}

	return {load, from: 'calculator', timeline, cases};
}
