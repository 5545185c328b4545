import type {MetricSpec} from '../../autoscaler/hpa-spec.ts';
import {mayIdleAtZero} from '../../autoscaler/keda/keda-spec.ts';
import type {Rule} from '../finding.ts';
import type {LintedAutoscaler, LintSubject} from '../subject.ts';
import {type Moment, milliAmounts, type Use} from '../witness/case-document.ts';
import {controlLine} from '../witness/control-line.ts';

/** Rule on a least number of pods that is the most too. */
export const fixedSize: Rule = {
	id: 'fixed-size',
	severity: 'warning',
	title: 'as many pods at least as at most',
	reason: 'With minReplicas equal to maxReplicas no metric can add or remove a pod.',
	*check(subject) {
		const {autoscaler} = subject;
		const {minReplicas, maxReplicas} = autoscaler.spec;
		if (minReplicas === maxReplicas && !(autoscaler.keda !== undefined && mayIdleAtZero(autoscaler.keda))) {
			yield {
				severity: 'warning',
				object: autoscaler,
				place: autoscaler.placeOf('spec', autoscaler.keda === undefined ? 'maxReplicas' : 'maxReplicaCount'),
				message: `${minReplicas === 1 ? 'There is always 1 pod' : `There are always ${minReplicas} pods`}: that is the least and the most, so no metric changes anything.`,
				fix: 'Raise the most, or lower the least; or leave the autoscaler out and set the replicas of the workload.',
				witness: loadedLine(subject),
			};
		}
	},
};

/** A direction that `behavior` turns off. */
export const scaleUpDisabled: Rule = {
	id: 'scale-up-disabled',
	severity: 'warning',
	title: 'a behavior that turns scaling up off',
	reason: 'With scaleUp.selectPolicy Disabled no metric ever adds a pod: what goes down never comes back.',
	*check(subject) {
		const {autoscaler} = subject;
		const {behavior, minReplicas, maxReplicas} = autoscaler.spec;
		// An annotation that pauses scaling out is meant to.
		const isPaused = autoscaler.keda?.pausesScaleOut === true;
		if (behavior?.scaleUp.selectPolicy === 'Disabled' && minReplicas < maxReplicas && !isPaused) {
			const path =
				autoscaler.keda === undefined
					? ['spec', 'behavior', 'scaleUp', 'selectPolicy']
					: ['spec', 'advanced', 'horizontalPodAutoscalerConfig', 'behavior', 'scaleUp', 'selectPolicy'];
			yield {
				severity: 'warning',
				object: autoscaler,
				place: autoscaler.placeOf(...path),
				message: 'The autoscaler never adds a pod: behavior.scaleUp.selectPolicy is Disabled.',
				fix: 'Set selectPolicy to Max or Min, or leave it out.',
				witness: loadedLine(subject),
			};
		}
	},
};

/** The autoscaler while every metric is at five times its target. */
function loadedLine(subject: LintSubject) {
	const {autoscaler} = subject;
	const from = Math.max(1, autoscaler.spec.minReplicas);
	return controlLine(subject, {
		load: 'Every metric at five times its target for 10 minutes',
		from,
		momentAt: (_, replicas) => momentOf(subject, replicas, 5),
	});
}

/** Every metric at a multiple of its target. */
function momentOf({autoscaler, workload}: LintSubject, replicas: number, factor: number): Moment {
	const {metrics} = autoscaler.spec;
	const use: Use = Object.fromEntries(
		(workload?.containers ?? []).map(({name, requests}) => [
			name,
			Object.fromEntries(
				Object.entries(milliAmounts({cpu: requests.cpu ?? 1, memory: requests.memory ?? 2 ** 30})).map(
					([resource, milli]) => [resource, milli * factor],
				),
			),
		]),
	);
	const valuesOf = (type: MetricSpec['type'], times: number) =>
		Object.fromEntries(
			metrics.filter(metric => metric.type === type).map(metric => [metric.name, targetMilli(metric) * factor * times]),
		);
	return {
		replicas,
		use,
		podMetrics: valuesOf('Pods', 1),
		externalMetrics: valuesOf('External', replicas),
		objectMetrics: valuesOf('Object', replicas),
	};
}

function targetMilli({target}: LintedAutoscaler['spec']['metrics'][number]): number {
	switch (target.type) {
		case 'Utilization':
			return target.averageUtilization * 1000;
		case 'AverageValue':
			return target.averageValueMilli;
		case 'Value':
			return target.valueMilli;
	}
}
