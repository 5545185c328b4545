import {Schedule} from '../../build/src/experiment/schedule.js';
import {costPerHour} from '../../build/src/forecast/compare-baseline.js';
import {meetsSlo, sloChecks} from '../../build/src/forecast/meets-slo.js';
import {addUpControl} from '../../build/src/records/control-counts.js';
import {simulate} from '../../build/src/simulator/simulate.js';
import {estimate} from '../../build/src/statistics/estimate.js';
import {readExperiment} from '../../build/src/store/experiments/read-experiment.js';

/*
 * Which metric should the pods be scaled on? Each metric gets the highest target of a list that keeps the objective in the
 * replications of the search, and is judged by it in others. Targets rise from cautious to bold.
 */

const resource = name => target => ({
	type: 'Resource',
	resource: {name, target: {type: 'Utilization', averageUtilization: target}},
});
const external = name => target => ({
	type: 'External',
	external: {metric: {name}, target: {type: 'AverageValue', averageValue: target}},
});

export const metrics = [
	{
		name: 'CPU',
		targets: [30, 40, 50, 60, 70, 80, 90, 100, 120, 140, 160, 180, 200],
		unit: ' %',
		make: resource('cpu'),
	},
	{name: 'memory', targets: [50, 60, 70, 80, 90], unit: ' %', make: resource('memory')},
	{
		name: 'in flight',
		targets: [0.25, 0.5, 0.75, 1, 1.5, 2, 3, 4],
		unit: ' a pod',
		make: external('replicast_backend_in_flight'),
	},
	{
		name: 'waiting',
		targets: [0.1, 0.25, 0.5, 1, 1.5, 2, 3, 4],
		unit: ' a pod',
		make: external('replicast_backend_queue_length'),
	},
];

/** Replications of the search, and those in which what was found is judged. */
const searched = 20;
const judged = 20;

/**
 * Compares the metrics on one experiment with 1 to 6 pods.
 *
 * @returns for each metric: all targets, the chosen one, its figures and the first that fails
 */
export async function compareMetrics(path) {
	const read = metric => readExperiment(path, {set: [`autoscaler=${JSON.stringify(specOf(metric))}`, scraped]});
	const results = [];
	for (const metric of metrics) {
		const tried = [];
		for (const target of metric.targets) {
			const experiment = await read(metric.make(target));
			tried.push({target, experiment, ...figuresOf(experiment, 0, searched)});
		}

		const kept = tried.filter(({isKept}) => isKept);
		const cheapest = kept.toSorted((a, b) => a.cost.mean - b.cost.mean)[0];
		const nearest = cheapest ?? tried.toSorted((a, b) => a.miss - b.miss || a.p95.mean - b.p95.mean)[0];
		const chosen = {...nearest, ...figuresOf(nearest.experiment, searched, judged)};
		const bolder = tried.filter(({target, isKept}) => !isKept && target > nearest.target);
		results.push({metric, tried, kept, chosen, fails: cheapest === undefined ? undefined : bolder[0]});
	}

	return results;
}

const scraped = 'prometheus=models/prometheus-15s.yaml';

function specOf(metric) {
	return {minReplicas: 1, maxReplicas: 6, metrics: [metric]};
}

function figuresOf(experiment, first, count) {
	const runs = Array.from({length: count}, (_, index) => {
		const replication = first + index;
		const schedule = experiment.workload.loop === 'open' ? new Schedule(experiment, replication) : undefined;
		return simulate(experiment, {replication, arm: 'dynamic', schedule, isRecorded: false});
	});
	const objective = {slo: experiment.slo, timeoutSeconds: experiment.workload.timeout};
	const requests = runs.map(run => run.requests);
	const checks = sloChecks(requests, objective);
	return {
		isKept: meetsSlo(requests, objective),
		checks,
		miss: checks.filter(check => !check.isKept).length,
		cost: estimate(runs.map(run => costPerHour(experiment, run))),
		p95: estimate(requests.map(({latencySeconds}) => latencySeconds.p95)),
		availability: estimate(requests.map(({availability}) => availability)),
		control: addUpControl(runs.map(({control}) => control)),
	};
}
