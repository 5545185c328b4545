// A day of many pods, by their number: many services of ten pods each in one `replicast run`, and one service on nodes.
import {mkdirSync, readFileSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {fileURLToPath} from 'node:url';
import {parse} from 'yaml';
import {withFolder} from '../machine.js';
import {runCommand} from '../run-command.js';

const models = fileURLToPath(new URL('../../models', import.meta.url));
const dayOfNodes = readFileSync(new URL('../experiments/day-of-nodes.yaml', import.meta.url), 'utf8');
const podsOfDay = 1000;
const podsOfService = 10;
const words = ['--replications', '1', '--prediction-runs', '0', '--baselines', 'false'];

/** @returns `services` and `nodes`, each a list by the number of pods */
export async function fleet({quick}) {
	const duration = quick ? '30m' : '24h';
	const services = [];
	for (const count of quick ? [2] : [10, 100, 1000]) {
		services.push({services: count, ...(await manyServices(count, duration))});
	}

	const nodes = [];
	for (const pods of quick ? [20] : [100, 1000, 10_000]) {
		nodes.push(await oneService(pods, duration));
	}

	return {services, nodes};
}

/** Services of ten pods, the day of each an hour after that of the one before, without nodes. */
async function manyServices(count, duration) {
	return withFolder(async folder => {
		mkdirSync(join(folder, 'services'));
		const files = Array.from({length: count}, (_, index) => {
			const name = `service-${String(index).padStart(4, '0')}`;
			const file = join(folder, 'services', `${name}.yaml`);
			const {nodeAutoscaler, ...rest} = dayOf(podsOfService, index % 24);
			writeFileSync(file, JSON.stringify({...rest, name, seed: index + 1, duration}));
			return file;
		});
		const {summaries, ...took} = await runCommand([...files, ...words]);
		return {
			mostPods: summaries.reduce((sum, {dynamic}) => sum + dynamic.replicas.max, 0),
			requests: summaries.reduce((sum, {dynamic}) => sum + dynamic.requests.arrived, 0),
			...took,
		};
	});
}

/** One service whose pods are on the nodes of one cluster, which Karpenter launches and removes. */
async function oneService(pods, duration) {
	return withFolder(async folder => {
		const file = join(folder, 'nodes.yaml');
		writeFileSync(file, JSON.stringify({...dayOf(pods, 0), duration}));
		const {summaries, ...took} = await runCommand([file, ...words]);
		const [{dynamic, nodes: made}] = summaries;
		return {mostPods: dynamic.replicas.max, mostNodes: made.most, requests: dynamic.requests.arrived, ...took};
	});
}

/** The day of nodes for so many pods, begun at another hour. */
function dayOf(pods, hour) {
	const part = pods / podsOfDay;
	const document = parse(dayOfNodes.replaceAll('../../models', models));
	const {arrivals} = document.workload;
	const rate = Array.from({length: 25}, (_, at) => ({
		at: `${at}h`,
		perSecond: part * rateAt(arrivals.rate, (at + hour) % 24),
	}));
	return {
		...document,
		workload: {...document.workload, arrivals: {...arrivals, rate}},
		autoscaler: {
			...document.autoscaler,
			minReplicas: Math.ceil(part * document.autoscaler.minReplicas),
			maxReplicas: pods,
		},
	};
}

/** Requests per second at an hour of the day, on the line between the points. */
function rateAt(points, hour) {
	const next = points.findIndex(({at}) => Number.parseInt(at, 10) > hour);
	if (next === -1) {
		return points.at(-1).perSecond;
	}

	const [from, to] = [points[next - 1], points[next]];
	const [start, end] = [Number.parseInt(from.at, 10), Number.parseInt(to.at, 10)];
	return from.perSecond + ((to.perSecond - from.perSecond) * (hour - start)) / (end - start);
}
