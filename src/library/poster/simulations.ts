import type {Experiment} from '../../experiment/experiment.ts';
import {usersAtMost} from '../../experiment/user-presence.ts';
import type {ReplicationResult} from '../../forecast/replicate.ts';
import {summarize} from '../../forecast/summarize.ts';
import type {LoadPoint} from '../../report/charts/load-chart.ts';
import type {TradeOff} from '../../report/charts/trade-off-chart.ts';
import {latencyEstimate} from '../../report/text/latency.ts';
import {paretoFront} from '../../tune/figures.ts';

/** Replications of each point of a curve. */
export const curveReplications = 4;

/** Users at a time, in parts of the experiment's own. */
const parts = [0, 1 / 3, 2 / 3, 1, 4 / 3, 5 / 3, 2];

/** CPU targets beside the experiment's own [% of the request]. */
const targets = [30, 40, 50, 60, 80, 90, 100];

/** The experiment with fewer and with more users; itself alone where users do not wait for their answers. */
export function loadVariants({fixed: _, ...experiment}: Experiment): Experiment[] {
	const {workload} = experiment;
	if (workload.loop !== 'closed') {
		return [{...experiment, replications: curveReplications}];
	}

	const {users} = workload;
	const counts = new Set(parts.map(part => Math.max(1, Math.round(part * users.count))));
	return [...counts].map(count => ({
		...experiment,
		replications: curveReplications,
		workload: {...workload, users: usersAtMost(users, count)},
	}));
}

export function loadPoint(experiment: Experiment, results: readonly ReplicationResult[]): LoadPoint {
	const {workload} = experiment;
	return {
		users: workload.loop === 'closed' ? workload.users.count : 0,
		dynamic: summarize(experiment, results).dynamic,
	};
}

/** The experiment with other CPU targets, its own among them. */
export function targetVariants({fixed: _, ...experiment}: Experiment): Experiment[] {
	const {autoscaler} = experiment;
	const own = targetOf(experiment);
	if (autoscaler === 'none' || own === undefined) {
		return [{...experiment, replications: curveReplications}];
	}

	return [...new Set([...targets, own])]
		.sort((a, b) => a - b)
		.map(averageUtilization => ({
			...experiment,
			replications: curveReplications,
			autoscaler: {
				...autoscaler,
				metrics: autoscaler.metrics.map(metric =>
					isCpuTarget(metric) ? {...metric, target: {type: 'Utilization' as const, averageUtilization}} : metric,
				),
			},
		}));
}

/** Cost and latency of each variant. */
export function tradeOffs(
	own: Experiment,
	simulated: readonly {readonly experiment: Experiment; readonly results: readonly ReplicationResult[]}[],
): TradeOff[] {
	const figures = simulated.map(({experiment, results}) => ({experiment, ...summarize(experiment, results).dynamic}));
	const vectors = figures.map(({costPerHour, latencySeconds}) => [
		costPerHour.mean ?? Number.POSITIVE_INFINITY,
		latencySeconds.p95.mean ?? Number.POSITIVE_INFINITY,
	]);
	const isOn = paretoFront(vectors);
	return figures.map(({experiment, costPerHour, latencySeconds, timeout}, index) => ({
		name: `CPU ${targetOf(experiment)} %`,
		costPerHour,
		p95Seconds: latencyEstimate({latencySeconds, timeout}, 'p95'),
		isCutOff: timeout.cutsOff.includes('p95'),
		onFront: isOn[index]!,
		present: targetOf(experiment) === targetOf(own),
	}));
}

type Metric = Exclude<Experiment['autoscaler'], 'none'>['metrics'][number];

function isCpuTarget({name, target}: Metric): boolean {
	return name === 'cpu' && target.type === 'Utilization';
}

function targetOf({autoscaler}: Experiment): number | undefined {
	const metric = autoscaler === 'none' ? undefined : autoscaler.metrics.find(isCpuTarget);
	return metric?.target.type === 'Utilization' ? metric.target.averageUtilization : undefined;
}
