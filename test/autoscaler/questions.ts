import {caseInput} from '../../src/autoscaler/case-input.ts';
import {DecideCase} from '../../src/autoscaler/decide-case.ts';
import {type Decision, reconcile} from '../../src/autoscaler/reconcile.ts';

/** A metric that asks for as many replicas as its value in tens says. */
export const depth = {
	type: 'External',
	external: {metric: {name: 'depth'}, target: {type: 'AverageValue', averageValue: '10'}},
};

/** The decision on a case in JSON. */
export function decide(given: unknown): Decision {
	const {input, state} = caseInput(DecideCase.parse(given));
	return reconcile(input, state);
}

/** The decision of an HPA of `current` replicas whose metric proposes `proposal`. */
export function decideOn({
	current,
	proposal,
	hpa = {},
	...rest
}: {
	readonly current: number;
	readonly proposal: number;
	readonly hpa?: object;
	readonly history?: object;
	readonly controller?: object;
	readonly kubernetes?: string;
}): Decision {
	return decide({
		now: 1000,
		hpa: {minReplicas: 1, maxReplicas: 100, metrics: [depth], ...hpa},
		scale: {specReplicas: current},
		externalMetrics: {depth: proposal * 10},
		...rest,
	});
}
