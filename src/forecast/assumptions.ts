import type {Deployment, Experiment} from '../experiment/experiment.ts';
import {requestedGpuNames, reservedGpus} from '../experiment/pod-requests.ts';
import {releaseAssumptions} from '../experiment/release-assumptions.ts';
import {cpuLimitOf, fullSpeedOf} from '../experiment/threads.ts';
import {counted} from '../statistics/format-number.ts';
import {nodeAssumptions} from './nodes/node-assumptions.ts';

/**
 * Assumptions where the experiment gives no value and the result depends on it: one sentence each, printed right below
 * the heading of every report. Empty when all values are given.
 */
export function assumptions(experiment: Experiment): string[] {
	const {deployment, autoscaler, fixed} = experiment;
	const mostPods = Math.max(
		autoscaler === 'none' ? (deployment.replicas ?? 1) : autoscaler.maxReplicas,
		fixed?.replicas ?? 0,
	);
	return [
		...(deployment.assumed ?? []),
		...container(deployment),
		...threads(deployment),
		...throttledThreads(deployment),
		...crowdedThreads(deployment, mostPods),
		...slots(deployment),
		...gpus(deployment),
		...unpricedGpus(experiment),
		...ignoredParts(deployment),
		...nodeAssumptions(experiment),
		...releaseAssumptions(experiment),
		...idlePriorities(experiment),
	];
}

/** Priorities that an engine does not go by. */
function idlePriorities({deployment: {service}, workload}: Experiment): string[] {
	if (service.kind !== 'engine' || service.engine.policy === 'priority') {
		return [];
	}

	const traced = workload.loop === 'open' && workload.arrivals.process === 'trace' ? workload.arrivals.priority : [];
	const isAny = [...workload.tenants, ...(traced ?? []).map(priority => ({priority}))].some(
		({priority = 0}) => priority !== 0,
	);
	return isAny
		? [
				'Priorities change nothing here, as the engine serves requests as they come (vLLM refuses a request with a priority then); deployment.engine.policy: priority goes by them.',
			]
		: [];
}

const telling = {
	image: 'the one with the image of a model server',
	gpu: 'which requests the most GPUs',
	cpu: 'which requests the most CPU',
	memory: 'which requests the most memory',
} as const;

function container({llm, service}: Deployment): string[] {
	const runs = service.kind === 'server' ? 'Requests are served by' : 'The model runs in';
	return llm.containerFrom === undefined
		? []
		: [
				`${runs} container ${llm.container}, ${telling[llm.containerFrom]}; deployment.llm.container names another one.`,
			];
}

function ignoredParts({ignored = []}: Deployment): string[] {
	return ignored.length === 0 ? [] : [`The simulator ignores parts of the manifest: ${ignored.join('; ')}.`];
}

/** Requests on a GPU are simulated by the service model alone. */
function gpus(deployment: Deployment): string[] {
	const {service} = deployment;
	const names = requestedGpuNames(deployment);
	const model = {
		work: `the CPU work of ${service.kind === 'work' ? service.name : ''}`,
		time: 'the time in service that is given',
		server: 'the work that it brings along',
		engine: '',
	}[service.kind];
	return names.length === 0 || service.kind === 'engine'
		? []
		: [
				`The pods request ${names.join(' and ')}, which bounds the nodes alone: a request takes ${model}, and the batching of a GPU is not modelled.`,
			];
}

/** Parallel slots of which nobody measured the gain. */
function slots({llm, service}: Deployment): string[] {
	return service.kind !== 'work' || llm.parallel === 1 || service.sharedBySlots !== undefined
		? []
		: [
				`The ${llm.parallel} parallel slots of a pod share its speed and gain nothing, as ${service.name} has no measured gain (work.sharedBySlots); ` +
					'llama.cpp batches them, so with more than one busy a real pod gets more done. replicast calibrate --slots measures it.',
			];
}

/** How many threads the model has, and why, where the experiment does not say. */
function threads({llm, containers}: Deployment): string[] {
	const runs = `The model runs on ${counted(llm.threads, 'thread')}`;
	const remedy = 'deployment.llm.threads sets another number.';
	if (llm.threadsFrom === 'time') {
		return [
			`A pod is taken to use 1 core while it serves, as container ${llm.container} has no CPU limit: its CPU utilization hangs on it. ${remedy}`,
		];
	}

	return llm.threadsFrom === undefined
		? []
		: [`${runs}, ${reasonOfThreads(llm, cpuLimitOf(llm.container, containers))} ${remedy}`];
}

function reasonOfThreads({container, threadsFrom}: Deployment['llm'], limit: number | undefined): string {
	const theLimit = `the CPU limit of container ${container}`;
	if (limit === undefined || threadsFrom === 'nodes') {
		const isMissing = limit === undefined ? 'not set' : `not in whole cores (${formatCores(limit)})`;
		return (
			`one for each core of its node, since ${theLimit} is ${isMissing}. Ollama and llama.cpp count physical cores: ` +
			`half of them with hyper-threading.${limit === undefined ? '' : roundingOllama(limit)}`
		);
	}

	return Number.isInteger(limit)
		? `${theLimit}: so it is where num_thread says so, and by itself with Ollama 0.13 to 0.24. Other releases take the ` +
				'cores of the node, and with more threads than the limit answer many times slower.'
		: `${theLimit} rounded up (${formatCores(limit)}), since nothing is known of the cores of its node.${roundingOllama(limit)}`;
}

function roundingOllama(limit: number): string {
	return ` Ollama 0.13 to 0.24 has ${counted(Math.max(1, Math.floor(limit)), 'thread')}: it rounds the limit down.`;
}

/** Threads that the quota cannot carry: the simulator takes the quota as a speed, so that they cost nothing. */
function throttledThreads({llm, containers, service}: Deployment): string[] {
	const limit = cpuLimitOf(llm.container, containers);
	return service.kind === 'server' ||
		service.kind === 'engine' ||
		limit === undefined ||
		llm.threads === 1 ||
		llm.threads <= limit
		? []
		: [
				`${llm.threads} threads within a CPU limit of ${formatCores(limit)} work at the speed of the limit. What they lose is ` +
					'not modelled: when the quota of a period of 100 ms is used up, threads wait for those that it stopped, and ' +
					'answers have been measured to take 4 to 45 times as long. Avoid it: a limit of whole cores, and num_thread ' +
					'(deployment.llm.threads) equal to it.',
			];
}

/** Threads of pods side by side that want more than their node has. */
function crowdedThreads(deployment: Deployment, mostPods: number): string[] {
	const {nodes, llm, containers, service} = deployment;
	if (service.kind === 'server' || service.kind === 'engine' || nodes === undefined || llm.threads === 1) {
		return [];
	}

	const request = containers.reduce((sum, {requests}) => sum + (requests.cpu ?? 0), 0);
	const room = request === 0 ? mostPods : Math.floor(nodes.cpu / request + 1e-9);
	const pods = Math.min(room, Math.ceil(mostPods / nodes.count));
	const wanted = pods * fullSpeedOf(deployment);
	return pods < 2 || wanted <= nodes.cpu
		? []
		: [
				`Up to ${pods} pods on a node want ${formatCores(wanted)} for their threads and share its ${formatCores(nodes.cpu)} ` +
					'evenly. What threads lose as they wait for those of their own pod that are not running is not modelled.',
			];
}

function formatCores(cores: number): string {
	return `${Number(cores.toPrecision(6))} core${cores === 1 ? '' : 's'}`;
}

/**
 * Assumptions on GPUs: a price of nodes covers everything in them, and a pod with a GPU fits only nodes that have one.
 */
function unpricedGpus({deployment, prices}: Experiment): string[] {
	const {whole, other} = reservedGpus(deployment);
	const names = [...new Set([...(whole.count === 0 || isPriced(prices) ? [] : whole.names), ...other])];
	return names.length === 0
		? []
		: [
				`GPUs are not priced: ${prices.name} has no price of ${names.join(', ')}, which a pod reserves, so what it costs is too low.`,
			];
}

function isPriced(prices: Experiment['prices']): boolean {
	return (
		prices.kind === 'nodes' ||
		prices.kind === 'instances' ||
		(prices.kind === 'per-resource' && prices.perGpuHour !== undefined)
	);
}
