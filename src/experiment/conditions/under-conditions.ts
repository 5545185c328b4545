import {RandomStream} from '../../engine/random-stream.ts';
import type {
	Arrivals,
	Distribution,
	Experiment,
	RenewalArrivals,
	ServiceModel,
	TraceArrivals,
	Users,
	Workload,
} from '../experiment.ts';
import type {StepCosts} from '../serving/engine-model.ts';
import {workKinds} from '../serving/work-kind.ts';
import type {RunConditions} from './draw-conditions.ts';

/** The experiment under conditions of a run: its service, its coefficients and its load; all else as it is, the hash too. */
export function underConditions(experiment: Experiment, {load, ...ofService}: RunConditions): Experiment {
	const {speed} = ofService;
	const {deployment, workload} = experiment;
	const loaded = load === 1 ? workload : workloadUnder(workload, load);
	return {
		...experiment,
		deployment: {...deployment, service: serviceUnder(deployment.service, ofService)},
		workload: deployment.service.kind === 'server' && speed !== 1 ? slowedWork(loaded, speed) : loaded,
	};
}

function serviceUnder(
	service: ServiceModel,
	{speed, coefficients, sharedBySlots}: Omit<RunConditions, 'load'>,
): ServiceModel {
	switch (service.kind) {
		case 'time':
			return {...service, time: scaled(service.time, speed)};
		case 'engine':
			return speed === 1 ? service : {...service, costs: slowedSteps(service.costs, speed)};
		case 'server':
			return {...service, perRequest: service.perRequest * speed};
		case 'work': {
			const {perRequest, perPromptToken, perOutputToken} = service;
			const [ofRequest, ofPrompt, ofOutput] = coefficients ?? [perRequest, perPromptToken, perOutputToken];
			return {
				...service,
				perRequest: ofRequest! * speed,
				perPromptToken: ofPrompt! * speed,
				perOutputToken: ofOutput! * speed,
				...(sharedBySlots !== undefined && {sharedBySlots}),
			};
		}
	}
}

/** Steps of an engine on a GPU of another speed. */
function slowedSteps(costs: StepCosts, speed: number): StepCosts {
	const {base, perToken, perSequence, perKvToken, perKvTokenWithPrefill, perSequenceWithPrefill} = costs;
	const {measured, perAttentionPair, allReduce} = costs;
	return {
		base: base * speed,
		perToken: perToken * speed,
		...(measured !== undefined && {
			measured: {tokens: measured.tokens, seconds: measured.seconds.map(seconds => seconds * speed)},
		}),
		perSequence: perSequence * speed,
		perKvToken: perKvToken * speed,
		perKvTokenWithPrefill: perKvTokenWithPrefill * speed,
		perSequenceWithPrefill: perSequenceWithPrefill * speed,
		perAttentionPair: perAttentionPair * speed,
		allReduce: {perStep: allReduce.perStep * speed, perToken: allReduce.perToken * speed},
	};
}

/** Work that requests bring along, on a machine of another speed. */
function slowedWork(workload: Workload, speed: number): Workload {
	const requests = {...workload.requests};
	for (const kind of workKinds) {
		const work = requests[kind];
		if (work !== undefined) {
			requests[kind] = scaled(work, speed);
		}
	}

	if (workload.loop !== 'open' || workload.arrivals.process !== 'trace' || workload.arrivals.work === undefined) {
		return {...workload, requests};
	}

	const {kind, seconds} = workload.arrivals.work;
	const work = {kind, seconds: seconds.map(time => time * speed)};
	return {...workload, requests, arrivals: {...workload.arrivals, work}};
}

function scaled<D extends Distribution>(distribution: D, factor: number): D {
	const times = (value: number) => value * factor;
	const {min, max} = distribution;
	const clip = {...(min !== undefined && {min: times(min)}), ...(max !== undefined && {max: times(max)})};
	switch (distribution.distribution) {
		case 'constant':
			return {...distribution, ...clip, value: times(distribution.value)};
		case 'uniform':
			return {...distribution, ...clip};
		case 'empirical':
			return {...distribution, ...clip, values: distribution.values.map(times)};
		default:
			return {...distribution, ...clip, mean: times(distribution.mean)};
	}
}

function workloadUnder(workload: Workload, load: number): Workload {
	if (workload.loop === 'closed') {
		return {...workload, users: usersUnder(workload.users, load)};
	}

	const tenants = workload.tenants.map(tenant =>
		tenant.arrivals === undefined ? tenant : {...tenant, arrivals: renewalUnder(tenant.arrivals, load)},
	);
	return {...workload, tenants, arrivals: arrivalsUnder(workload.arrivals, load)};
}

function arrivalsUnder(arrivals: Arrivals, load: number): Arrivals {
	return arrivals.process === 'trace' ? traceUnder(arrivals, load) : renewalUnder(arrivals, load);
}

function renewalUnder(arrivals: RenewalArrivals, load: number): RenewalArrivals {
	return {...arrivals, rate: arrivals.rate.map(({at, perSecond}) => ({at, perSecond: perSecond * load}))};
}

function usersUnder(users: Users, load: number): Users {
	const scaledCount = (count: number) => (count === 0 ? 0 : Math.max(1, Math.round(count * load)));
	const {curve} = users;
	return {
		...users,
		count: scaledCount(users.count),
		...(curve !== undefined && {
			curve: {...curve, points: curve.points.map(({at, count}) => ({at, count: scaledCount(count)}))},
		}),
	};
}

/**
 * A trace of more or fewer requests: each is sent as often as the load says on average, by chance, and further ones between
 * it and the next.
 */
function traceUnder(arrivals: TraceArrivals, load: number): TraceArrivals {
	const chance = new RandomStream({seed: 0, replication: 0, purpose: 'requests of a trace under another load'});
	const rows: number[] = [];
	const at: number[] = [];
	for (const [row, seconds] of arrivals.at.entries()) {
		const times = Math.floor(load + chance.uniform());
		const gap = (arrivals.at[row + 1] ?? seconds) - seconds;
		for (let sent = 0; sent < times; sent++) {
			rows.push(row);
			at.push(seconds + (gap * sent) / times);
		}
	}

	const {work, conversation} = arrivals;
	const pick = (column: readonly number[]) => (column.length === 0 ? column : rows.map(row => column[row]!));
	return {
		process: 'trace',
		at,
		promptTokens: pick(arrivals.promptTokens),
		outputTokens: pick(arrivals.outputTokens),
		...(work !== undefined && {work: {kind: work.kind, seconds: pick(work.seconds)}}),
		...(conversation !== undefined && {conversation: pick(conversation)}),
	};
}
