import type {Rule} from '../finding.ts';
import {objectWords} from '../subject.ts';
import {controlLine} from '../witness/control-line.ts';

/** Two autoscalers of one workload. */
export const rivalAutoscalers: Rule = {
	id: 'two-autoscalers',
	severity: 'error',
	title: 'two autoscalers of one workload',
	reason: 'Each sets the replicas that the other has just set; what one adds the other removes.',
	*check(subject) {
		const {autoscaler, rivals} = subject;
		for (const rival of rivals) {
			const sizes = [autoscaler.spec, rival.spec].map(({minReplicas}) => Math.max(1, minReplicas));
			yield {
				severity: 'error',
				object: autoscaler,
				place: autoscaler.placeOf('spec', 'scaleTargetRef'),
				message: `${objectWords(rival)} scales ${autoscaler.target.kind} ${autoscaler.target.name} too: each sets the replicas that the other has just set.`,
				fix: 'Keep one of them, and give it the metrics of both: it takes the largest proposal.',
				witness: controlLine(subject, {
					load: `No load, from ${sizes[1]! === 1 ? '1 pod' : `${sizes[1]!} pods`}, the least of the other`,
					from: sizes[1]!,
					momentAt: (_, replicas) => ({replicas}),
				}),
			};
		}
	},
};
