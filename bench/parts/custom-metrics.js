// What metrics beyond CPU and memory cost: the same run with an autoscaler that asks for them too, with targets so high that they
// never decide.
import process from 'node:process';
import {fileURLToPath} from 'node:url';
import {readExperiment} from '../../build/src/store/experiments/read-experiment.js';
import {interleave, median, spread} from '../measure.js';
import {experimentFile, simulateOne} from './full-model.js';

const never = {type: 'AverageValue', averageValue: 1e9};
const queue = {type: 'External', external: {metric: {name: 'vllm:num_requests_waiting'}, target: never}};
const rate = {type: 'External', external: {metric: {name: 'istio_requests_total'}, target: never}};
const latency = {type: 'External', external: {metric: {name: 'p95'}, target: never}};
const p95 = 'histogram_quantile(0.95, sum by (le) (rate(vllm:e2e_request_latency_seconds_bucket[2m])))';

const cpu = {type: 'Resource', resource: {name: 'cpu', target: {type: 'Utilization', averageUtilization: 70}}};
const kinds = {plain: [], queue: [queue], rate: [rate], latency: [latency]};

export async function customMetrics({quick}) {
	const files = {
		'half-hour': experimentFile('half-hour'),
		'dynamic-scaling': fileURLToPath(new URL('../../experiments/dynamic-scaling.yaml', import.meta.url)),
	};
	const results = {};
	for (const [name, file] of Object.entries(files)) {
		results[name] = await costs(file, {rounds: quick ? 2 : 8, each: name === 'half-hour' ? 2 : 20});
	}

	return {costs: results};
}

/** CPU time that work takes [s]: what else the machine does falls out of it. */
function cpuSeconds(work) {
	const before = process.cpuUsage();
	work();
	const {user, system} = process.cpuUsage(before);
	return (user + system) / 1e6;
}

async function costs(file, {rounds, each}) {
	const sides = {};
	for (const [kind, more] of Object.entries(kinds)) {
		const spec = JSON.stringify({minReplicas: 2, maxReplicas: 60, metrics: [cpu, ...more]});
		const set = [
			`autoscaler=${spec}`,
			...(kind === 'latency' ? [`metricSources=${JSON.stringify({p95: {query: p95}})}`] : []),
		];
		const experiment = await readExperiment(file, {set});
		simulateOne(experiment, 1000); // compiles
		sides[kind] = round =>
			cpuSeconds(() => {
				for (let index = 0; index < each; index++) {
					simulateOne(experiment, round * each + index);
				}
			});
	}

	const runs = await interleave(sides, rounds);
	const ratios = kind => spread(runs[kind].map(seconds => seconds / median(runs.plain)));
	return {queue: ratios('queue'), rate: ratios('rate'), latency: ratios('latency')};
}
