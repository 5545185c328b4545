import {meanOf} from '../../experiment/draw-distribution.ts';
import type {Experiment} from '../../experiment/experiment.ts';
import type {Waiting} from '../../experiment/serving/waiting-schema.ts';
import {modelLoadFactor} from '../../experiment/threads.ts';
import {type Parameter, withStart} from './parameter.ts';

/** Time from the decision to a pod that takes requests. */
export function startupParameter({deployment}: Experiment): Parameter {
	const start = startSeconds(deployment);
	return {
		...{key: 'startup', title: 'the start-up of a pod', unit: 's', start, step: 1},
		values: withStart([1, 2, 4, 6, 10, 15, 20, 30, 45, 60, 90, 120, 180, 300], start),
		apply: (experiment, value) =>
			value === start
				? experiment
				: {
						...experiment,
						deployment: {
							...experiment.deployment,
							startup: {kind: 'total', total: {distribution: 'constant', value}},
						},
					},
		overlay: value => ({deployment: {startup: `${value}s`}}),
		tradesWith: ['scrapePeriod', 'pipeline', 'youngPods'],
	};
}

function startSeconds(deployment: Experiment['deployment']): number {
	const {startup} = deployment;
	if (startup.kind === 'total') {
		return tenths(meanOf(startup.total));
	}

	const {create, schedule, image, containers, modelLoad, endpoints} = startup.stages;
	const load = modelLoadFactor(deployment) * meanOf(modelLoad);
	return tenths([create, schedule, image, containers, endpoints].reduce((sum, stage) => sum + meanOf(stage), load));
}

function tenths(seconds: number): number {
	return Math.round(seconds * 10) / 10;
}

/** Longest queues of a pod that are tried [requests]. */
const queues = [0, 10, 50, 100, 200, 400];

/** Place in which requests wait that find all pods busy. */
export function waitingParameter({deployment}: Experiment): Parameter {
	const connections = deployment.llm.parallel;
	const places: readonly (Waiting | undefined)[] = [
		undefined,
		...queues.map(queue => ({at: 'pod', queue}) as const),
		{at: 'proxy', connections},
		{at: 'nowhere', connections},
	];
	const own = JSON.stringify(deployment.waiting);
	const found = places.findIndex(place => JSON.stringify(place) === own);
	const all = found === -1 ? [...places, deployment.waiting] : places;
	return {
		...{key: 'waiting', title: 'the place where requests wait', unit: '', step: 1},
		start: found === -1 ? places.length : found,
		values: all.map((_, index) => index),
		choices: all.map(placeName),
		apply: ({deployment: {waiting: _, ...rest}, ...experiment}, choice) => {
			const place = all[choice];
			return {...experiment, deployment: {...rest, ...(place !== undefined && {waiting: place})}};
		},
		overlay: choice => ({deployment: {waiting: waitingOverlay(all[choice], deployment.waiting)}}),
		tradesWith: [],
	};
}

/** Keys of the new place, and null for each of the old one's that it lacks: maps merge. */
function waitingOverlay(waiting: Waiting | undefined, before: Waiting | undefined) {
	const gone = Object.keys(before ?? {}).map(key => [key, null]);
	return waiting === undefined ? null : {...Object.fromEntries(gone), ...waiting};
}

function placeName(waiting: Waiting | undefined): string {
	if (waiting === undefined) {
		return 'in the pod, without bound';
	}

	switch (waiting.at) {
		case 'pod':
			return `in the pod, at most ${waiting.queue}`;
		case 'proxy':
			return `at a proxy that gives a pod ${waiting.connections} at a time`;
		case 'nowhere':
			return `nowhere: more than ${waiting.connections} in a pod are refused`;
	}
}
