import type {RandomStream} from '../engine/random-stream.ts';
import {pick} from '../engine/random-stream.ts';
import type {FaultPlan} from '../experiment/experiment.ts';
import type {MetricSource, PodServing} from './contracts.ts';
import {EventPriority} from './contracts.ts';
import type {DeploymentController} from './deployment-controller.ts';
import type {NodeFaults} from './nodes/node-faults.ts';
import type {Pod} from './pod.ts';
import type {PodStartup} from './pod-startup.ts';
import type {PodTermination} from './pod-termination.ts';
import {type Run, streamOf} from './run.ts';

/** Targets of faults beside the pods' nodes. */
type Targets = {
	readonly controller: DeploymentController;
	readonly startup: PodStartup;
	readonly termination: PodTermination;
	readonly serving: PodServing;
	readonly metrics: MetricSource;
	/** Nodes that come and go; undefined where they are always there. */
	readonly system: {readonly faults: NodeFaults} | undefined;
};

/** Makes the experiment's faults happen at their times. Which pods or nodes are hit is drawn for each fault on its own. */
export function planFaults(run: Run, targets: Targets): void {
	const {simulation, experiment, nodes} = run;
	const {serving} = targets;
	const {faults} = experiment;
	const pressureOver = simulation.declare(EventPriority.fault, (node, index) => {
		nodes.relieve(node, index);
		serving.reshare(node);
	});
	const strike = simulation.declare(EventPriority.fault, index => {
		happen(faults[index]!, {index, stream: streamOf(run, 'fault', index), run, targets, pressureOver});
	});
	for (const [index, {at}] of faults.entries()) {
		simulation.schedule(at, strike, index);
	}
}

type Strike = {
	/** Index of the fault in the experiment. */
	readonly index: number;
	readonly stream: RandomStream;
	readonly run: Run;
	readonly targets: Targets;
	readonly pressureOver: number;
};

function happen(fault: FaultPlan, {index, stream, run, targets, pressureOver}: Strike): void {
	const {simulation, experiment, nodes} = run;
	const {controller, startup, termination, serving, metrics, system} = targets;
	switch (fault.kind) {
		case 'pod-kill':
			for (const pod of pick(readyPods(controller), fault.count, stream)) {
				termination.kill(pod);
			}

			break;
		case 'container-restart': {
			const {containers, llm} = experiment.deployment;
			const container = containers.findIndex(({name}) => name === (fault.container ?? llm.container));
			for (const pod of pick(readyPods(controller), fault.count, stream)) {
				startup.restart(pod, container);
			}

			break;
		}

		case 'node-pressure': {
			const all = Array.from({length: nodes.count}, (_, node) => node);
			for (const node of pick(all, fault.count, stream)) {
				nodes.press(node, index, fault.cpuFraction);
				serving.reshare(node);
				simulation.schedule(simulation.now + fault.duration, pressureOver, node, index);
			}

			break;
		}

		case 'metrics-outage':
			metrics.startOutage(fault.duration);
			break;
		case 'rollout':
			controller.rollOut();
			break;
		case 'spot-interruption':
			system?.faults.interrupt(fault, stream);
			break;
		case 'zone-outage':
			system?.faults.loseZone(fault, stream);
			break;
	}
}

function readyPods({active}: DeploymentController): Pod[] {
	return active.filter(({isReady}) => isReady);
}
