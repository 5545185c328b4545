import {type ControllerConfig, defaultControllerConfig} from '../autoscaler/reconcile.ts';
import {Simulation} from '../engine/simulation.ts';
import type {Experiment} from '../experiment/experiment.ts';
import type {RequestBlocks} from '../experiment/schedule.ts';
import type {Arm, RecordTables} from '../records/record.ts';
import {RequestStatistics} from '../records/request-statistics.ts';
import type {RunAccount} from '../records/run-account.ts';
import type {Clocks} from './clocks.ts';
import {ControlLoop} from './control-loop.ts';
import {DeploymentController} from './deployment-controller.ts';
import {EventPriority} from './event-priority.ts';
import {planFaults} from './faults.ts';
import {InstantMetrics} from './instant-metrics.ts';
import {longestUntilSampled, MetricPipeline} from './metric-pipeline.ts';
import type {MetricSource} from './metric-source.ts';
import {Nodes} from './nodes.ts';
import {PodBills} from './pod-bills.ts';
import {PodLifecycle} from './pod-lifecycle.ts';
import {RequestLog} from './request-log.ts';
import {RequestPool} from './request-pool.ts';
import {RunRecorder} from './run-recorder.ts';
import {Serving} from './serving.ts';
import {Traffic} from './traffic.ts';

/** The clock starts at least this long before time 0 [s], so that the pods' metrics have been sampled when requests begin. */
const shortestPreRoll = 90;

export type SimulateOptions = {
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
	/** Whether to keep the tables of a record. */
	readonly isRecorded: boolean;
	/** Flags and release of the HPA controller; as Kubernetes 1.34 ships it when left out. */
	readonly controller?: ControllerConfig;
};

/** What one run of one arm gives. */
export type SimulatedRun = RunAccount & {
	readonly eventCount: number;
	readonly tables: RecordTables | undefined;
	/** Those of the tables that grew too long: they have no rows. */
	readonly omitted: readonly (keyof RecordTables)[];
};

/**
 * Simulates one arm of one replication of an experiment.
 *
 * Dynamic: the autoscaler moves the replicas (with `none` they stay at the Deployment's). Fixed: as many pods all the time.
 * At time 0 the pods are Ready with the model loaded, their metrics have been sampled, and no request has come.
 * The result depends on the experiment, the replication and the arm alone.
 */
export function simulate(experiment: Experiment, options: SimulateOptions): SimulatedRun {
	const {replication, arm, schedule, clocks, isRecorded} = options;
	const {deployment, duration, warmup, workload, slo} = experiment;
	const simulation = new Simulation(-preRollOf(experiment));
	const nodes = new Nodes(deployment);
	const requests = new RequestPool();
	const replicas = initialReplicas(experiment, arm);
	const controller = new DeploymentController({simulation, experiment, replication, nodes, replicas});
	const tenants = workload.tenants.map(({name}) => name);
	const statistics = new RequestStatistics({tenants, warmup, duration, slo});
	const recorder = new RunRecorder({experiment, isKept: isRecorded, now: () => simulation.now, replicas});
	const log = isRecorded ? new RequestLog(tenants, controller.podNames) : undefined;
	const serving: Serving = new Serving({
		simulation,
		deployment,
		requests,
		nodes,
		pods: controller.podByOrdinal,
		listener: {
			completed: request => traffic.completed(request),
			failed: request => traffic.failed(request),
			drained: pod => lifecycle.drained(pod),
			modelWanted: pod => lifecycle.loadModel(pod),
		},
	});
	const bills = new PodBills(experiment, serving);
	const {usersOf = replication, serviceTimeOf} = options;
	const traffic = new Traffic({
		simulation,
		experiment,
		replication,
		usersOf,
		serviceTimeOf,
		requests,
		serving,
		statistics,
		log,
	});
	const metrics: MetricSource =
		experiment.metrics === 'ideal'
			? new InstantMetrics({simulation, experiment, controller, serving, recorder})
			: new MetricPipeline({
					simulation,
					model: experiment.metrics,
					experiment,
					replication,
					clocks,
					controller,
					serving,
					recorder,
				});
	const lifecycle = new PodLifecycle({
		simulation,
		experiment,
		replication,
		controller,
		nodes,
		serving,
		listener: {
			event: (pod, event, at) => {
				recorder.podEvent(pod.name, event, at);
				bills.event(pod, event, at);
			},
			containerStarted: (pod, container) => metrics.containerStarted(pod, container),
			containerStopped: (pod, container) => metrics.containerStopped(pod, container),
			endpointAdded: pod => {
				traffic.endpoints.add(pod);
				metrics.podReady?.(pod);
			},
			endpointRemoved: pod => traffic.endpoints.remove(pod),
			gone: pod => {
				metrics.gone(pod);
				bills.close(pod, simulation.now);
			},
		},
	});
	controller.attach({create: pod => lifecycle.create(pod), delete: pod => lifecycle.terminate(pod)});
	const measure = simulation.declare(EventPriority.measure, () => bills.begin(controller));
	for (let made = 0; made < replicas; made++) {
		lifecycle.createReady(controller.addInitial());
	}

	simulation.schedule(warmup, measure);
	simulation.run(0);
	traffic.start(schedule);
	planFaults({simulation, experiment, replication, controller, lifecycle, nodes, serving, metrics});
	if (arm === 'dynamic' && experiment.autoscaler !== 'none') {
		const spec = experiment.autoscaler;
		const config = options.controller ?? defaultControllerConfig;
		new ControlLoop({simulation, experiment, spec, config, replication, clocks, controller, metrics, recorder}).start();
	}

	simulation.run(duration);
	traffic.finish();
	for (const pod of [...controller.pods]) {
		bills.close(pod, duration);
	}

	const control = recorder.control.counts;
	return {
		requests: statistics.figures(),
		pods: bills.usages,
		timeline: recorder.timeline,
		heldPodSeconds: recorder.held.podSeconds(duration),
		...(control !== undefined && {control}),
		eventCount: simulation.eventCount,
		tables: log === undefined ? undefined : {requests: log.table(), ...recorder.tables()},
		omitted: [...(log?.isTooLong ? (['requests'] as const) : []), ...recorder.omitted],
	};
}

function preRollOf({metrics}: Experiment): number {
	return metrics === 'ideal' ? shortestPreRoll : Math.max(shortestPreRoll, longestUntilSampled(metrics));
}

/** Pods at time 0. */
function initialReplicas({fixed, autoscaler, deployment}: Experiment, arm: Arm): number {
	if (arm === 'fixed') {
		return fixed!.replicas;
	}

	return autoscaler === 'none' ? deployment.replicas! : autoscaler.minReplicas;
}
