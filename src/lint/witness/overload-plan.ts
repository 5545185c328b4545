import type {LintedWorkload, LintSubject} from '../subject.ts';
import type {WitnessCase, WitnessPlan} from './witness.ts';
import {coresOf, witnessExperiment} from './witness-experiment.ts';

/** Load of an overload, in parts of what the most pods can serve. */
const times = 2;
/** Highest rate of a witness [requests/s]. */
const highestRate = 20;
const minutes = 10;

/** A load of twice what the most pods can serve, under which the autoscaler never adds a pod. */
export function overloadPlan(
	{autoscaler: {spec}}: LintSubject,
	{cases, workload}: {readonly cases: readonly WitnessCase[]; readonly workload: LintedWorkload},
): WitnessPlan {
	const most = coresOf(workload) * spec.maxReplicas;
	const cpuSeconds = Math.max(0.2, (times * most) / highestRate);
	const perSecond = (times * most) / cpuSeconds;
	return {
		load: `${Number(perSecond.toPrecision(3))} requests/s of ${Number(cpuSeconds.toPrecision(3))} CPU seconds each, twice what ${spec.maxReplicas} pods can serve, for ${minutes} minutes`,
		experiment: witnessExperiment(spec, workload, {
			minutes,
			rate: [{at: '0s', perSecond}],
			cpuSeconds,
		}),
		shows: steps => steps.length > 0 && steps.every(({replicas, desired}) => desired <= replicas),
		cases,
	};
}
