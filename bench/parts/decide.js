// Decisions of the autoscaler a second on one core: six pods of two containers, CPU and memory.
import {performance} from 'node:perf_hooks';
import {defaultControllerConfig, reconcile} from '../../build/src/autoscaler/reconcile.js';
import {spread} from '../measure.js';

const mebibyte = 2 ** 20 * 1000; // in milli-units
const names = Array.from({length: 6}, (_, index) => `pod-${index}`);
const pods = names.map(name => ({
	name,
	phase: 'Running',
	startTime: 100,
	ready: {status: true, lastTransitionTime: 110},
	containers: [
		{name: 'backend', requests: {cpu: 25, memory: 64 * mebibyte}},
		{name: 'ollama', requests: {cpu: 125, memory: 256 * mebibyte}},
	],
}));

// The usage differs from one round to the next, so that no answer can be kept.
const rounds = Array.from({length: 64}, (_, round) =>
	names.map((name, index) => ({
		name,
		timestamp: 990,
		window: 15,
		containers: [
			{name: 'backend', usage: {cpu: 5 + ((round * 7 + index) % 20), memory: (40 + (round % 9)) * mebibyte}},
			{name: 'ollama', usage: {cpu: 20 + ((round * 13 + index * 5) % 110), memory: (150 + (round % 31)) * mebibyte}},
		],
	})),
);
const resource = (name, averageUtilization) => ({
	type: 'Resource',
	name,
	target: {type: 'Utilization', averageUtilization},
});
const input = {
	now: 1000,
	spec: {minReplicas: 2, maxReplicas: 6, metrics: [resource('cpu', 70), resource('memory', 80)]},
	controller: defaultControllerConfig,
	specReplicas: 6,
	statusReplicas: 6,
	pods,
	podMetrics: null,
};
const state = {
	recommendations: Array.from({length: 20}, (_, index) => ({time: 701 + 15 * index, replicas: 2 + (index % 5)})),
	scaleUps: [],
	scaleDowns: [],
};

export function decide({quick}) {
	const count = quick ? 10_000 : 500_000;
	decisionsPerSecond(20_000); // compiles
	return {decisionsPerSecond: spread(Array.from({length: quick ? 1 : 3}, () => decisionsPerSecond(count)))};
}

function decisionsPerSecond(count) {
	const inputs = rounds.map(podMetrics => ({...input, podMetrics}));
	const start = performance.now();
	let sum = 0;
	for (let index = 0; index < count; index++) {
		sum += reconcile(inputs[index % inputs.length], state).desiredReplicas;
	}

	const seconds = (performance.now() - start) / 1000;
	return sum > 0 ? count / seconds : Number.NaN;
}
