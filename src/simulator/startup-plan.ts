import type {RandomStream} from '../engine/random-stream.ts';
import {samplerOf} from '../experiment/draw-distribution.ts';
import type {Deployment} from '../experiment/experiment.ts';
import {modelLoadFactor} from '../experiment/threads.ts';
import type {Pod} from './pod.ts';
import {type Run, streamOf} from './run.ts';

/** How long each step of one pod's start takes [s], drawn once for the pod. */
export type StartupPlan = {
	readonly schedule: number;
	/** From binding to all containers running. */
	readonly containers: number;
	readonly modelLoad: number;
	/** From loaded to the next tick of the readiness probe. */
	readonly probe: number;
	readonly endpoints: number;
};

/** A function that draws a pod's plan; always the same draws in the same order, so that settings do not shift each other. */
function startupPlanner(deployment: Deployment): (stream: RandomStream) => StartupPlan {
	const {startup, readiness, service} = deployment;
	if (startup.kind === 'total') {
		const total = samplerOf(startup.total);
		if (service.kind === 'server') {
			return stream => ({schedule: 0, containers: total(stream), modelLoad: 0, probe: 0, endpoints: 0});
		}

		return stream => ({schedule: 0, containers: 0, modelLoad: total(stream), probe: 0, endpoints: 0});
	}

	const {stages} = startup;
	const schedule = samplerOf(stages.schedule);
	const image = samplerOf(stages.image);
	const containers = samplerOf(stages.containers);
	const modelLoad = service.kind === 'server' ? () => 0 : samplerOf(stages.modelLoad);
	const loadFactor = modelLoadFactor(deployment);
	const endpoints = samplerOf(stages.endpoints);
	return stream => ({
		schedule: schedule(stream),
		containers: image(stream) + containers(stream),
		modelLoad: loadFactor * modelLoad(stream),
		probe: stream.uniform() * readiness.periodSeconds,
		endpoints: endpoints(stream),
	});
}

/** Start-up plans of the pods, each drawn from its pod's own stream. */
export class StartupPlans {
	readonly #run: Run;
	readonly #drawPlan: (stream: RandomStream) => StartupPlan;
	readonly #plans = new Map<Pod, {plan: StartupPlan; readonly stream: RandomStream}>();

	constructor(run: Run) {
		this.#run = run;
		this.#drawPlan = startupPlanner(run.experiment.deployment);
	}

	/** Draws the plan of a new pod. */
	draw(pod: Pod): void {
		const stream = streamOf(this.#run, 'startup', pod.ordinal);
		this.#plans.set(pod, {plan: this.#drawPlan(stream), stream});
	}

	/** Plan of a pod that has one. */
	of(pod: Pod): StartupPlan {
		return this.#plans.get(pod)!.plan;
	}

	/** Draws the plan of a container that starts again in the pod. */
	drawAgain(pod: Pod): StartupPlan {
		const entry = this.#plans.get(pod)!;
		const again = this.#drawPlan(entry.stream);
		entry.plan = {...again, schedule: entry.plan.schedule};
		return again;
	}

	/** Draws how long the model takes to load once more [s]; the plan stays. */
	drawModelLoad(pod: Pod): number {
		return this.#drawPlan(this.#plans.get(pod)!.stream).modelLoad;
	}

	forget(pod: Pod): void {
		this.#plans.delete(pod);
	}
}
