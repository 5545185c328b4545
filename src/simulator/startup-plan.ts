import type {RandomStream} from '../engine/random-stream.ts';
import {samplerOf} from '../experiment/draw-distribution.ts';
import type {Deployment} from '../experiment/experiment.ts';

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
export function startupPlanner({startup, readiness}: Deployment): (stream: RandomStream) => StartupPlan {
	if (startup.kind === 'total') {
		const total = samplerOf(startup.total);
		return stream => ({schedule: 0, containers: 0, modelLoad: total(stream), probe: 0, endpoints: 0});
	}

	const {stages} = startup;
	const schedule = samplerOf(stages.schedule);
	const image = samplerOf(stages.image);
	const containers = samplerOf(stages.containers);
	const modelLoad = samplerOf(stages.modelLoad);
	const endpoints = samplerOf(stages.endpoints);
	return stream => ({
		schedule: schedule(stream),
		containers: image(stream) + containers(stream),
		modelLoad: modelLoad(stream),
		probe: stream.uniform() * readiness.periodSeconds,
		endpoints: endpoints(stream),
	});
}
