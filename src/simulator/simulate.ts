import {type ControllerConfig, controllerConfig} from '../autoscaler/reconcile.ts';
import {Simulation} from '../engine/simulation.ts';
import {askedMetrics} from '../experiment/custom-metrics/custom-metrics.ts';
import type {Experiment} from '../experiment/experiment.ts';
import {initialReplicas} from '../experiment/pod-requests.ts';
import type {RequestBlocks} from '../experiment/schedule.ts';
import type {RunAccount} from '../records/pod-usage.ts';
import type {Arm, RecordTables} from '../records/record.ts';
import type {Timeline} from '../records/replica-line.ts';
import {RequestStatistics} from '../records/request-statistics.ts';
import type {Clocks, MetricSource, PodServing, Recorder} from './contracts.ts';
import {EventPriority} from './contracts.ts';
import {ControlLoop} from './control-loop.ts';
import {ServiceMetrics} from './custom-metrics/service-metrics.ts';
import {DeploymentController} from './deployment-controller.ts';
import {planFaults} from './faults.ts';
import {KedaOperator} from './keda/keda-operator.ts';
import {CpuProbe} from './metrics/cpu-probe.ts';
import {ElasticNodes} from './nodes/elastic-nodes.ts';
import {NodeSystem} from './nodes/node-system.ts';
import {metricSource, preRollOf, servingOf, simulatedNodes} from './parts.ts';
import type {PodListener} from './pod.ts';
import {PodBills} from './pod-bills.ts';
import {PodReadiness} from './pod-readiness.ts';
import {PodStartup} from './pod-startup.ts';
import {PodTermination} from './pod-termination.ts';
import {PodUse} from './pod-use.ts';
import {RequestLog} from './request-log.ts';
import {RequestPool} from './request-pool.ts';
import type {ReplicationOf, Run} from './run.ts';
import {RunRecorder} from './run-recorder.ts';
import {Traffic} from './traffic.ts';

type SimulateOptions = {
	readonly replication: number;
	readonly arm: Arm;
	/** The requests of an open loop; a closed loop has none. */
	readonly schedule: RequestBlocks | undefined;
	/** Replication whose users a closed loop has; its own when left out. */
	readonly usersOf?: number;
	/** Time in service [s] of the request that comes as the nth, from 0; the model's where it has none. */
	readonly serviceTimeOf?: (nth: number) => number | undefined;
	/** Phases of the clocks; drawn by the replication when left out. */
	readonly clocks?: Clocks | undefined;
	/** Replication whose draws a purpose has; the run's own when left out. */
	readonly replicationOf?: ReplicationOf | undefined;
	/** Ordinal of the pod that the nth request, from 0, is sent to while it takes traffic; balanced where it has none. */
	readonly podOf?: ((nth: number) => number | undefined) | undefined;
	/** Replicas over time that the pods are scaled to, in the place of the autoscaler. */
	readonly scaledAs?: Timeline | undefined;
	/** Pods at time 0; the arm's when left out. */
	readonly replicas?: number;
	/** Whether to keep the tables of a record, or all but that of the requests, which has no rows then. */
	readonly isRecorded: boolean | 'without requests';
	/** Flags and release of the HPA controller; the experiment's when left out. */
	readonly controller?: ControllerConfig;
	/** Time between two readings of the metrics API by somebody who watches it [s]; nobody does when left out. */
	readonly cpuEvery?: number;
};

/** Result of one run of one arm. */
export type SimulatedRun = RunAccount & {
	readonly eventCount: number;
	readonly tables: RecordTables | undefined;
	/** Tables that grew too long: they have no rows. */
	readonly omitted: readonly (keyof RecordTables)[];
	/** Mean CPU of the pods as the metrics API had it [% of the request]: `[seconds, percent]`; only with `cpuEvery`. */
	readonly cpuPercent?: readonly (readonly [number, number])[];
};

/**
 * Simulates one arm of one replication of an experiment.
 *
 * Dynamic: the autoscaler moves the replicas (with `none` they stay at the Deployment's). Fixed: as many pods all the time.
 * At time 0 the pods are Ready with the model loaded, their metrics have been sampled, and no request has come.
 * The result depends on the experiment, the replication and the arm alone.
 */
export function simulate(experiment: Experiment, options: SimulateOptions): SimulatedRun {
	const {replication, arm, schedule, clocks, replicationOf, isRecorded} = options;
	const simulation = new Simulation(-preRollOf(experiment));
	const {replicas = initialReplicas(experiment, arm)} = options;
	const recorder = new RunRecorder({experiment, isKept: isRecorded !== false, now: () => simulation.now, replicas});
	const run: Run = {
		simulation,
		experiment,
		replication,
		clocks,
		replicationOf,
		nodes: simulatedNodes(experiment),
		requests: new RequestPool(),
		recorder,
	};
	const parts = assemble(run, replicas, options);
	const {controller, bills, traffic, statistics, serving, log, system} = parts;
	system?.prepare(replicas);
	for (let made = 0; made < replicas; made++) {
		parts.startup.createReady(controller.addInitial());
	}

	simulation.schedule(experiment.warmup, parts.measure);
	system?.start();
	simulation.run(0);
	traffic.start(schedule);
	planFaults(run, parts);
	if (options.scaledAs !== undefined) {
		follow(run, controller, options.scaledAs);
	} else if (arm === 'dynamic') {
		startAutoscaler(run, parts, options.controller);
	}

	const probe = options.cpuEvery === undefined ? undefined : new CpuProbe(run, parts.metrics, options.cpuEvery);
	probe?.start();
	simulation.run(experiment.duration);
	traffic.finish();
	for (const pod of [...controller.pods]) {
		bills.close(pod, experiment.duration);
	}

	const control = recorder.control.counts;
	const itlSeconds = serving.interTokenSeconds?.();
	return {
		requests: {...statistics.figures(), ...(itlSeconds !== undefined && {itlSeconds})},
		pods: bills.usages,
		timeline: recorder.timeline,
		heldPodSeconds: recorder.held.podSeconds(experiment.duration),
		...(system !== undefined && {nodes: system.account(experiment.duration)}),
		...(control !== undefined && {control}),
		eventCount: simulation.eventCount,
		tables: log === undefined ? undefined : {requests: log.table(), ...recorder.tables()},
		omitted: [...(log?.isTooLong ? (['requests'] as const) : []), ...recorder.omitted],
		...(probe !== undefined && {cpuPercent: probe.line}),
	};
}

/** Starts the HPA, and KEDA where it is behind it. */
function startAutoscaler(
	run: Run,
	{controller, metrics, custom}: Pick<ReturnType<typeof assemble>, 'controller' | 'metrics' | 'custom'>,
	flags: ControllerConfig | undefined,
): void {
	const {experiment} = run;
	if (experiment.autoscaler === 'none') {
		return;
	}

	const config = flags ?? controllerConfig(experiment);
	const keda = experiment.keda && new KedaOperator(run, {keda: experiment.keda, controller, custom});
	keda?.start();
	if (experiment.keda?.paused === undefined) {
		new ControlLoop(run, {spec: experiment.autoscaler, config, controller, metrics, custom, keda}).start();
	}
}

/** Scales the pods at the times of a line. */
function follow({simulation, recorder}: Run, controller: DeploymentController, line: Timeline): void {
	const scale = simulation.declare(EventPriority.sync, row => {
		const [, replicas] = line[row]!;
		controller.scaleTo(replicas);
		recorder.replicas(simulation.now, replicas);
	});
	for (const [row, [at]] of line.entries()) {
		if (at > 0) {
			simulation.schedule(at, scale, row);
		}
	}
}

/** Makes the parts of a run and connects them. */
function assemble(run: Run, replicas: number, options: SimulateOptions) {
	const {simulation, experiment, recorder} = run;
	const {workload, warmup, duration, slo} = experiment;
	const {usersOf = run.replication, serviceTimeOf, podOf, isRecorded} = options;
	const controller = new DeploymentController(run, replicas);
	const tenants = workload.tenants.map(({name}) => name);
	const isStreamed = experiment.deployment.service.kind === 'engine';
	const statistics = new RequestStatistics({tenants, warmup, duration, slo, isStreamed});
	const log = isRecorded === false ? undefined : new RequestLog(tenants, controller.podNames);
	const kept = isRecorded === true ? log : undefined;
	const use = new PodUse(run);
	const custom = serviceMetrics(run, options.arm, {controller, use});
	const observer = custom?.counting;
	const serving: PodServing = servingOf(run, {
		use,
		pods: controller.podByOrdinal,
		listener: {
			completed: request => traffic.completed(request),
			failed: request => traffic.failed(request),
			drained: pod => termination.drained(pod),
			modelWanted: pod => startup.loadModel(pod),
			...(observer !== undefined && {accepted: (pod, request) => observer.accepted(pod, request)}),
			...(experiment.deployment.waiting !== undefined && {freed: () => traffic.roomMade()}),
		},
	});
	const bills = new PodBills(experiment, use);
	const traffic = new Traffic(run, {usersOf, serviceTimeOf, podOf, serving, statistics, log: kept, observer});
	const metrics = withCustom(metricSource(run, {controller, use}), custom);
	const listener = podListener({simulation, recorder, bills, traffic, metrics});
	const readiness = new PodReadiness(run, {
		pods: controller.podByOrdinal,
		listener,
		changed: pod => startup.conditionChanged(pod),
	});
	const startup: PodStartup = new PodStartup(run, {controller, serving, use, readiness, listener});
	const termination = new PodTermination(run, {controller, serving, use, readiness, startup, listener});
	controller.attach({create: pod => startup.create(pod), delete: pod => termination.terminate(pod)});
	const measure = simulation.declare(EventPriority.measure, () => {
		bills.begin(controller);
		serving.beginMeasuring?.();
	});
	const system = nodeSystem(run, {controller, startup, termination});
	return {system, controller, statistics, log, serving, bills, traffic, metrics, custom, startup, termination, measure};
}

type NodeParts = {
	readonly controller: DeploymentController;
	readonly startup: PodStartup;
	readonly termination: PodTermination;
};

/** Nodes that come and go, connected to the pods; undefined where they are always there. */
function nodeSystem(run: Run, {controller, startup, termination}: NodeParts): NodeSystem | undefined {
	const {nodes, experiment} = run;
	return experiment.nodeAutoscaler === undefined || !(nodes instanceof ElasticNodes)
		? undefined
		: new NodeSystem(run, experiment.nodeAutoscaler, nodes, {
				controller,
				evict: pod => termination.terminate(pod),
				kill: pod => termination.kill(pod),
				retry: () => startup.placeAgain(),
			});
}

/** Metrics beyond CPU and memory, where an autoscaler acts by them. */
function serviceMetrics(
	run: Run,
	arm: Arm,
	parts: {controller: DeploymentController; use: PodUse},
): ServiceMetrics | undefined {
	const {customMetrics, autoscaler, keda} = run.experiment;
	const asked = askedMetrics(customMetrics, autoscaler, keda);
	return asked === undefined || arm !== 'dynamic' ? undefined : new ServiceMetrics(run, asked, parts);
}

/** Source of metrics whose news and outages the custom metrics hear of too. */
function withCustom(metrics: MetricSource, custom: ServiceMetrics | undefined): MetricSource {
	return custom === undefined
		? metrics
		: {
				read: () => metrics.read(),
				containerStarted(pod, container) {
					metrics.containerStarted(pod, container);
					custom.containerStarted(pod, container);
				},
				containerStopped: (pod, container) => metrics.containerStopped(pod, container),
				podReady: pod => metrics.podReady?.(pod),
				gone(pod) {
					metrics.gone(pod);
					custom.gone(pod);
				},
				startOutage(duration) {
					metrics.startOutage(duration);
					custom.startOutage(duration);
				},
			};
}

type Listeners = {
	readonly simulation: Simulation;
	readonly recorder: Recorder;
	readonly bills: PodBills;
	readonly traffic: Traffic;
	readonly metrics: MetricSource;
};

function podListener({simulation, recorder, bills, traffic, metrics}: Listeners): PodListener {
	return {
		event(pod, event, at) {
			recorder.podEvent(pod.name, event, at);
			bills.event(pod, event, at);
		},
		containerStarted: (pod, container) => metrics.containerStarted(pod, container),
		containerStopped: (pod, container) => metrics.containerStopped(pod, container),
		endpointAdded(pod) {
			traffic.endpoints.add(pod);
			metrics.podReady?.(pod);
			traffic.roomMade();
		},
		endpointRemoved: pod => traffic.endpoints.remove(pod),
		gone(pod) {
			metrics.gone(pod);
			bills.close(pod, simulation.now);
		},
	};
}
