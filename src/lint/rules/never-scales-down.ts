import {hpaObjectSpec} from '../../autoscaler/hpa-manifest.ts';
import type {Rule} from '../finding.ts';
import {hasRequests} from '../most-use.ts';
import {type LintedWorkload, type LintSubject, objectWords} from '../subject.ts';
import type {WitnessPlan, WitnessStep} from '../witness/witness.ts';
import {coresOf, workerOf} from '../witness/witness-experiment.ts';
import {placeOfMetric, targetWords} from './target-out-of-reach.ts';

/** Minutes of load, and of quiet after it: more than the usual window of five minutes. */
const loadMinutes = 8;
const quietMinutes = 30;

/** A memory target that the weights of a model keep near at every load. */
export const neverScalesDown: Rule = {
	id: 'never-scales-down',
	severity: 'error',
	title: 'memory at rest that keeps every pod that was added',
	reason:
		'Weights and caches stay in memory at every load. Where the memory of an idle pod is near the target, that metric proposes as many pods as there are, and the largest proposal wins: what was added stays.',
	*check(subject) {
		const {autoscaler, workload} = subject;
		const {metrics, minReplicas, maxReplicas} = autoscaler.spec;
		for (const [index, metric] of metrics.entries()) {
			if (
				workload?.model !== undefined &&
				metric.type === 'Resource' &&
				metric.name === 'memory' &&
				minReplicas < maxReplicas &&
				!workload.hasPodRequests &&
				metrics.every(
					other => (other.type === 'Resource' || other.type === 'ContainerResource') && hasRequests(other, workload),
				)
			) {
				yield {
					severity: 'error',
					object: autoscaler,
					place: placeOfMetric(autoscaler, index),
					message: `Pods that were added are never removed: the weights of the model alone bring the memory of an idle pod of ${objectWords(workload)} near the target of ${targetWords(metric)}, and the largest proposal wins.`,
					fix: 'Leave the memory metric out, or raise the memory request so that an idle pod is below 0.5 of the target.',
					witness: planOf(subject, workload, index),
				};
			}
		}
	},
};

function planOf({autoscaler: {spec}}: LintSubject, workload: LintedWorkload, index: number): WitnessPlan {
	const perSecond = Number(Math.min(5, (coresOf(workload) * spec.maxReplicas) / 3).toPrecision(3));
	const isHeld = ({replicas, metrics}: WitnessStep) =>
		(metrics[index]?.proposal ?? 0) >= replicas &&
		metrics.every((metric, other) => other === index || (metric.proposal ?? 0) < replicas);
	return {
		load: `${perSecond} requests/s of 40 tokens in and 16 out for ${loadMinutes} minutes, then none for ${quietMinutes}`,
		experiment: {
			name: 'witness',
			seed: 1,
			duration: `${loadMinutes + quietMinutes}m`,
			workload: {
				arrivals: {
					process: 'poisson',
					interpolation: 'step',
					rate: [
						{at: '0s', perSecond},
						{at: `${loadMinutes}m`, perSecond: 0},
					],
				},
				requests: {
					promptTokens: {distribution: 'constant', value: 40},
					outputTokens: {distribution: 'constant', value: 16},
				},
				timeout: '60s',
			},
			deployment: {
				containers: Object.fromEntries(
					workload.containers.map(({name, requests, limits}) => [name, {requests, limits}]),
				),
				llm: {
					container: workerOf(workload).name,
					threads: workload.threads ?? Math.max(1, Math.ceil(coresOf(workload))),
					...(workload.parallel !== undefined && {parallel: workload.parallel}),
				},
				service: workload.model,
				startup: {distribution: 'constant', value: '10s'},
			},
			autoscaler: hpaObjectSpec(spec),
			slo: {},
		},
		shows: steps => {
			const last = steps.at(-1);
			return (
				last !== undefined &&
				last.replicas > Math.max(1, spec.minReplicas) &&
				last.desired >= last.replicas &&
				isHeld(last)
			);
		},
		cases: [],
	};
}
