import {type Decision, type MetricResult, type ReconcileInput, reconcile} from '../autoscaler/reconcile.ts';
import type {ControllerInputs, Shift} from './controller-inputs.ts';
import type {ReplayedDecision} from './replay-decisions.ts';

/** Reason why the autoscaler alone decided otherwise than the record says. */
export type MissCause =
	/** The samples were another set than the record shows at that moment: seen a little earlier or later. */
	| 'samples seen at another moment'
	/** A sample, or a whole scrape, is not as the controller had it. */
	| 'samples missing or wrong'
	/** The pods were in another state: their watch reported it a little earlier or later. */
	| 'pods seen at another moment'
	/** KEDA's operator took the last pod away, or brought the first one, when its triggers do not say so. */
	| 'KEDA decided otherwise'
	/** Same use of the pods, another dead band. */
	| 'tolerance'
	/** Same proposal, held back or let go otherwise: windows, policies, bounds, or what was remembered. */
	| 'stabilization or limits'
	| 'unexplained';

/** A decision that came out otherwise. */
export type Miss = {
	/** [s] */
	readonly seconds: number;
	readonly recorded: number;
	readonly replayed: number;
	readonly cause: MissCause;
	/** `cpu 78 % recorded, 74 % replayed`. */
	readonly detail: string;
};

/** Differences in time between two observers of the same thing that are tried [s]. */
const slack = [-0.25, 0.25, -0.5, 0.5, -1, 1, -1.5, 1.5, -2, 2];
/** Half-widths of the dead band that are tried. */
const tolerances = [0, 0.02, 0.05, 0.15, 0.2, 0.25, 0.3, 0.4, 0.5, 1];

/** Whether the autoscaler alone computes the recorded number of replicas. */
export function isMatch({recorded, replayed}: ReplayedDecision): boolean {
	return recorded.desiredReplicas === replayed.desiredReplicas;
}

/**
 * The cause of a miss: the change of what the controller saw, or of how it decides, that leads to the recorded decision.
 * What the record says of the pods' use decides where it is looked for.
 */
export function missOf(decision: ReplayedDecision, inputs: ControllerInputs): Miss {
	const {at, recorded, replayed} = decision;
	return {
		seconds: at,
		recorded: recorded.desiredReplicas,
		replayed: replayed.desiredReplicas,
		cause: causeOf(decision, inputs),
		detail: detailOf(recorded.metrics, replayed.metrics),
	};
}

function causeOf(decision: ReplayedDecision, inputs: ControllerInputs): MissCause {
	const {row, recorded, replayed, input, state} = decision;
	const again = (changed: ReconcileInput) => reconcile(changed, state);
	const explains = (shift: Shift) => explained(again(inputs.at(row, shift)), recorded);
	if (!isSameUse(recorded.metrics, replayed.metrics)) {
		if (slack.some(samples => explains({samples}))) {
			return 'samples seen at another moment';
		}

		return slack.some(pods => explains({pods})) ? 'pods seen at another moment' : 'samples missing or wrong';
	}

	if (!isSameProposal(recorded.metrics, replayed.metrics)) {
		if (slack.some(pods => explains({pods}))) {
			return 'pods seen at another moment';
		}

		return tolerances.some(tolerance => explained(again(withTolerance(input, tolerance)), recorded))
			? 'tolerance'
			: 'unexplained';
	}

	return recorded.metrics.some(({proposal}) => proposal !== undefined) ? 'stabilization or limits' : 'unexplained';
}

function withTolerance(input: ReconcileInput, tolerance: number): ReconcileInput {
	return {...input, controller: {...input.controller, toleranceUp: tolerance, toleranceDown: tolerance}};
}

function explained({desiredReplicas, metrics}: Decision, recorded: ReplayedDecision['recorded']): boolean {
	return (
		desiredReplicas === recorded.desiredReplicas &&
		isSameUse(recorded.metrics, metrics) &&
		isSameProposal(recorded.metrics, metrics)
	);
}

/** Whether both sides have the same use of each metric; a value that one side lacks is no difference. */
function isSameUse(recorded: readonly MetricResult[], replayed: readonly MetricResult[]): boolean {
	return recorded.every(({type, name, utilization, averageValueMilli}) => {
		const other = replayed.find(metric => metric.type === type && metric.name === name);
		return (
			other !== undefined &&
			(utilization === undefined || utilization === other.utilization) &&
			(averageValueMilli === undefined || utilization !== undefined || averageValueMilli === other.averageValueMilli)
		);
	});
}

/** A measured record knows the largest proposal only. */
function isSameProposal(recorded: readonly MetricResult[], replayed: readonly MetricResult[]): boolean {
	const largest = (metrics: readonly MetricResult[]) =>
		metrics.reduce((most, {proposal}) => Math.max(most, proposal ?? -1), -1);
	return largest(recorded) === -1 || largest(recorded) === largest(replayed);
}

function detailOf(recorded: readonly MetricResult[], replayed: readonly MetricResult[]): string {
	const valueWords = (metric: MetricResult | undefined) => {
		const use = metric?.utilization === undefined ? 'no use' : `${metric.utilization} %`;
		return metric?.proposal === undefined ? use : `${use} → ${metric.proposal}`;
	};
	return replayed
		.map(metric => {
			const other = recorded.find(({type, name}) => type === metric.type && name === metric.name);
			return `${metric.name} ${valueWords(other)} recorded, ${valueWords(metric)} replayed`;
		})
		.join('; ');
}
