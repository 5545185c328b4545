import {metricsModelOf, serviceModelOf} from './cluster-models.ts';
import {wantedByTriggers, withNamedSources} from './custom-metrics/keda-metrics.ts';
import {resolveCustomMetrics, wantedOf} from './custom-metrics/resolve-custom-metrics.ts';
import type {
	Container,
	Deployment,
	Distribution,
	Experiment,
	PriceBook,
	RatePoint,
	RenewalArrivals,
	ServiceModel,
	StartupModel,
	TraceArrivals,
	Users,
	Workload,
} from './experiment.ts';
import {experimentHash} from './experiment-hash.ts';
import type {ExperimentFile} from './experiment-schema.ts';
import {autoscalerOf, bufferOf, type ResolvedAutoscaler, zeroAssumptions} from './keda/resolve-autoscaler.ts';
import {modelContainer} from './model-container.ts';
import type {NodeAutoscaler} from './nodes/node-autoscaler.ts';
import {nodeAutoscalerOf} from './nodes/resolve-node-autoscaler.ts';
import {mostOfInits, podRequests} from './pod-requests.ts';
import {energyModelOf, priceBookOf} from './price-book.ts';
import type {RecordedReplicas} from './recordings/recorded-replicas.ts';
import {engineModelOf} from './serving/engine-model.ts';
import type {RateCurves} from './serving/rate-curves.ts';
import {serverModelOf} from './serving/server-model.ts';
import {startupModelOf} from './serving/startup-model.ts';
import {cpuLimitOf, defaultThreads} from './threads.ts';

type Surroundings = {
	/** Name of the overlay that the file was merged with. */
	readonly profile?: string;
	/** The requests of the trace that the workload names, its transform applied. */
	readonly trace?: TraceArrivals;
	/** The points of the tables of rates that its arrivals name. */
	readonly curves?: RateCurves;
	/** Rows of the table of recorded replicas. */
	readonly recorded?: RecordedReplicas;
};

/**
 * Resolves a checked experiment file, every reference to another file already replaced by its contents.
 *
 * @throws {TypeError} when a reference was left in, or the number of threads is unknown
 */
export function resolveExperiment(
	file: ExperimentFile,
	{profile, trace, curves, recorded}: Surroundings = {},
): Experiment {
	const {name, description, seed, replications, duration, warmup, startsAt, fixed, slo, accept, faults} = file;
	const scaling = autoscalerOf(file.autoscaler === 'none' ? 'none' : whole(file.autoscaler, 'autoscaler'));
	const {autoscaler, keda} = scaling;
	const customMetrics = customMetricsOf(file, scaling);
	const deployment = deploymentOf(file.deployment, {...scaling, customMetrics});
	const nodeAutoscaler =
		file.nodeAutoscaler && nodeAutoscalerOf(file.nodeAutoscaler, podRequests(deployment), duration);
	const experiment = {
		name,
		description,
		...(profile !== undefined && {profile}),
		seed,
		replications,
		duration,
		warmup,
		workload: workloadOf(file.workload, {curves, ...(trace && {trace: forService(trace, deployment.service)})}),
		deployment,
		autoscaler,
		...(keda !== undefined && {keda}),
		...(nodeAutoscaler !== undefined && {nodeAutoscaler}),
		...(startsAt !== undefined && {startsAt}),
		...(file.kubernetes !== undefined && {kubernetes: file.kubernetes}),
		...(file.controller !== undefined && {controller: file.controller}),
		metrics: metricsOf(file),
		...(customMetrics !== undefined && {customMetrics}),
		...(fixed !== undefined && {fixed}),
		prices: nodeAutoscaler === undefined ? priceBookOf(whole(file.prices, 'prices')) : instancePrices(nodeAutoscaler),
		energy: {...energyModelOf(whole(file.energy, 'energy')), ...gpuPowerOf(file.deployment.service)},
		slo,
		accept,
		faults,
		...(recorded !== undefined && {recorded}),
	};
	return {...experiment, hash: experimentHash(experiment)};
}

/** Prices of the nodes as their catalogue has them: they are what is paid for. */
function instancePrices({catalogue, split}: NodeAutoscaler): PriceBook {
	return {name: catalogue.name, currency: catalogue.currency, kind: 'instances', split};
}

/** Metrics beyond CPU and memory that an HPA asks for, bound to their sources. */
function customMetricsOf(
	{metricSources, prometheus}: ExperimentFile,
	{autoscaler, keda}: ResolvedAutoscaler,
): Experiment['customMetrics'] {
	const wanted = keda === undefined ? wantedOf(autoscaler) : wantedByTriggers(keda);
	return wanted.length === 0 && metricSources === undefined
		? undefined
		: resolveCustomMetrics(wanted, {
				sources: withNamedSources(wanted, metricSources),
				prometheus: whole(prometheus, 'prometheus'),
			});
}

// The controller's flag is the period of its reconciles, whatever the metrics model says of it.
function metricsOf({metrics, controller}: ExperimentFile): Experiment['metrics'] {
	if (metrics === 'ideal') {
		return 'ideal';
	}

	const {sync, ...model} = metricsModelOf(whole(metrics, 'metrics'));
	return {...model, sync: {...sync, period: controller?.syncPeriod ?? sync.period}};
}

function whole<T>(value: T | string, key: string): T {
	if (typeof value === 'string') {
		throw new TypeError(`Expected ${key} to be read already, got the path ${value}`);
	}

	return value;
}

function workloadOf(
	workload: ExperimentFile['workload'],
	{trace, curves = new Map()}: {readonly trace?: TraceArrivals; readonly curves?: RateCurves | undefined},
): Workload {
	const {requests, connections, timeout, patience, retries, uncertainty} = workload;
	const waiting = {
		...(patience !== undefined && {patience}),
		...(retries !== undefined && {retries}),
		...(uncertainty !== undefined && {uncertainty}),
	};
	const common = {requests, connections, timeout, ...waiting};
	if (workload.loop === 'closed') {
		return {loop: 'closed', users: usersOf(workload.users), tenants: workload.tenants, ...common};
	}

	const tenants = workload.tenants.map(({arrivals, ...tenant}, index) => ({
		...tenant,
		...(arrivals !== undefined && {
			arrivals: renewalOf(arrivals, curves.get(`workload.tenants.${index}.arrivals`)),
		}),
	}));
	if (workload.arrivals.process !== 'trace') {
		return {loop: 'open', arrivals: renewalOf(workload.arrivals, curves.get('workload.arrivals')), tenants, ...common};
	}

	if (trace === undefined) {
		throw new TypeError('Expected the trace to be read already, got none');
	}

	return {loop: 'open', arrivals: trace, tenants, ...common};
}

/** A trace without what only an engine makes use of. */
function forService({prefixes, priority, ...trace}: TraceArrivals, {kind}: ServiceModel): TraceArrivals {
	return kind !== 'engine' || (prefixes === undefined && priority === undefined)
		? trace
		: {...trace, ...(prefixes !== undefined && {prefixes}), ...(priority !== undefined && {priority})};
}

/** Users who are there all the time have no curve. */
function usersOf({count, interpolation, thinkTime}: ClosedFile['users']): Users {
	return typeof count === 'number'
		? {count, thinkTime}
		: {
				count: count.reduce((most, point) => Math.max(most, point.count), 0),
				thinkTime,
				curve: {interpolation, points: count},
			};
}

type ClosedFile = Extract<ExperimentFile['workload'], {loop: 'closed'}>;

type RenewalFile = Exclude<
	Extract<ExperimentFile['workload'], {loop: 'open'}>['arrivals'],
	{readonly process: 'trace'}
>;

/** @param curve - points of the table that the arrivals name in the place of points */
function renewalOf(arrivals: RenewalFile, curve: readonly RatePoint[] | undefined): RenewalArrivals {
	const {process, interpolation, rateScale} = arrivals;
	const cv = {poisson: 1, deterministic: 0, gamma: 'cv' in arrivals ? arrivals.cv : 1}[process];
	const points = curve ?? whole<readonly RatePoint[]>(arrivals.rate, 'a table of rates');
	const rate =
		rateScale === undefined ? points : points.map(({at, perSecond}) => ({at, perSecond: perSecond * rateScale}));
	return {process, cv, interpolation, rate, ...(rateScale !== undefined && {rateScale})};
}

function deploymentOf(
	deployment: ExperimentFile['deployment'],
	{keda, remarks, customMetrics}: ResolvedAutoscaler & {readonly customMetrics: Experiment['customMetrics']},
): Deployment {
	const {replicas, readiness, terminationGrace, rollout, nodes, balancing, waiting} = deployment;
	const own = Object.entries(deployment.containers).map(([name, container]) => ({name, ...container}));
	const inits = Object.entries(deployment.initContainers ?? {}).map(([name, container]) => ({name, ...container}));
	const sidecars = inits.filter(({restartPolicy}) => restartPolicy === 'Always');
	const containers = [...own, ...sidecars.map(({restartPolicy: _, ...container}) => container)];
	const {ignored} = deployment;
	const atZero = bufferOf(deployment, keda);
	const ofKeda = [...remarks, ...zeroAssumptions(deployment, keda)];
	const assumed = [...(deployment.assumed ?? []), ...(customMetrics?.assumed ?? []), ...ofKeda];
	const service = withSettings(serviceOf(whole(deployment.service, 'deployment.service')), deployment.engine);
	return {
		...(replicas !== undefined && {replicas}),
		containers,
		...(inits.length > sidecars.length && {initRequests: mostOfInits(inits)}),
		...(assumed.length > 0 && {assumed}),
		...(ignored !== undefined && {ignored}),
		llm: llmOf(deployment, own, service),
		readiness,
		terminationGrace,
		rollout,
		...(nodes !== undefined && {nodes}),
		service,
		startup: startupOf(whole(deployment.startup, 'deployment.startup')),
		balancing,
		...(waiting !== undefined && {waiting}),
		...(atZero !== undefined && {atZero}),
	};
}

function llmOf(
	{llm, nodes}: Pick<ExperimentFile['deployment'], 'llm' | 'nodes'>,
	containers: readonly Container[],
	service: ServiceModel,
): Deployment['llm'] {
	const {name: container, from} = llm.container === undefined ? defaultContainer(containers) : {name: llm.container};
	const common = {...llm, container, ...(from !== undefined && {containerFrom: from})};
	if (service.kind === 'server') {
		return {...common, model: 'none', parallel: service.concurrency, threads: service.threads};
	}

	if (service.kind === 'engine') {
		const {maxNumSeqs, maxModelLen} = service.engine;
		const threads = Math.max(1, Math.ceil(service.cpu.busy));
		return {...common, model: llm.model ?? service.name, parallel: maxNumSeqs, contextLength: maxModelLen, threads};
	}

	const limit = cpuLimitOf(container, containers);
	const host = {limit, nodeCpu: nodes?.cpu, isTimed: service.kind === 'time'};
	const threads = llm.threads === undefined ? defaultThreads(host) : {threads: llm.threads};
	if (threads === undefined) {
		throw new TypeError('Expected the number of threads to be known already, got neither a limit nor nodes');
	}

	return {
		...common,
		model: llm.model ?? (service.kind === 'work' ? service.name : 'none'),
		...threads,
	};
}

/** @throws {TypeError} where the rules of an experiment were not asked whether there is one */
function defaultContainer(containers: readonly Container[]) {
	const found = modelContainer(containers);
	if ('candidates' in found) {
		throw new TypeError(`Expected deployment.llm.container to be one of ${found.candidates.join(', ')}, got none`);
	}

	return found;
}

function serviceOf(service: Exclude<ExperimentFile['deployment']['service'], string>): ServiceModel {
	if ('distribution' in service) {
		return {kind: 'time', time: service satisfies Distribution};
	}

	switch (service.kind) {
		case 'ServerModel':
			return serverModelOf(service);
		case 'EngineModel':
			return engineModelOf(service);
		case 'ServiceModel':
			return serviceModelOf(service);
	}
}

/** Power of the GPUs that an engine runs on, as its model gives it. */
function gpuPowerOf(service: ExperimentFile['deployment']['service']): Pick<Experiment['energy'], 'gpuPower'> {
	return typeof service === 'object' && 'serves' in service && service.gpuPower !== undefined
		? {gpuPower: service.gpuPower}
		: {};
}

/** The service with an engine's settings as the experiment gives them. */
function withSettings(service: ServiceModel, settings: ExperimentFile['deployment']['engine']): ServiceModel {
	return service.kind === 'engine' && settings !== undefined
		? {...service, engine: {...service.engine, ...settings}}
		: service;
}

function startupOf(startup: Exclude<ExperimentFile['deployment']['startup'], string>): StartupModel {
	return 'distribution' in startup ? {kind: 'total', total: startup satisfies Distribution} : startupModelOf(startup);
}
