import {pick} from '../engine/pick.ts';
import {RandomStream} from '../engine/random-stream.ts';
import type {Simulation} from '../engine/simulation.ts';
import type {Experiment, Fault} from '../experiment/experiment.ts';
import type {DeploymentController} from './deployment-controller.ts';
import {EventPriority} from './event-priority.ts';
import type {MetricSource} from './metric-source.ts';
import type {Nodes} from './nodes.ts';
import type {Pod} from './pod.ts';
import type {PodLifecycle} from './pod-lifecycle.ts';
import type {Serving} from './serving.ts';

/** Everything that a fault can hit. */
type Targets = {
	readonly simulation: Simulation;
	readonly experiment: Experiment;
	readonly replication: number;
	readonly controller: DeploymentController;
	readonly lifecycle: PodLifecycle;
	readonly nodes: Nodes;
	readonly serving: Serving;
	readonly metrics: MetricSource;
};

/** Makes the experiment's faults happen at their times. Which pods or nodes are hit is drawn for each fault on its own. */
export function planFaults(targets: Targets): void {
	const {simulation, experiment, replication, nodes, serving} = targets;
	const {faults, seed} = experiment;
	const pressureOver = simulation.declare(EventPriority.fault, (node, index) => {
		nodes.relieve(node, index);
		serving.reshare(node);
	});
	const strike = simulation.declare(EventPriority.fault, index => {
		const stream = new RandomStream({seed, replication, purpose: 'fault', entity: index});
		happen(faults[index]!, {index, stream, targets, pressureOver});
	});
	for (const [index, {at}] of faults.entries()) {
		simulation.schedule(at, strike, index);
	}
}

type Strike = {
	/** Of the fault in the experiment. */
	readonly index: number;
	readonly stream: RandomStream;
	readonly targets: Targets;
	readonly pressureOver: number;
};

function happen(fault: Fault, {index, stream, targets, pressureOver}: Strike): void {
	const {simulation, experiment, controller, lifecycle, nodes, serving, metrics} = targets;
	switch (fault.kind) {
		case 'pod-kill':
			for (const pod of pick(readyPods(controller), fault.count, stream)) {
				lifecycle.kill(pod);
			}

			break;
		case 'container-restart': {
			const {containers, llm} = experiment.deployment;
			const container = containers.findIndex(({name}) => name === (fault.container ?? llm.container));
			for (const pod of pick(readyPods(controller), fault.count, stream)) {
				lifecycle.restart(pod, container);
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
	}
}

function readyPods({active}: DeploymentController): Pod[] {
	return active.filter(({isReady}) => isReady);
}
