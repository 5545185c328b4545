import {meanOf} from '../../experiment/draw-distribution.ts';
import type {Experiment} from '../../experiment/experiment.ts';
import {requestWork} from '../../experiment/serving/request-work.ts';
import {fullSpeedOf} from '../../experiment/threads.ts';
import type {Timeline} from '../../records/replica-line.ts';
import {type OfferedCores, offeredCores, offeredReplicas} from './offered-replicas.ts';

/** Names of the forecasts without a simulator that a recording's forecast is compared with. */
export const baselineNames = {
	mean: "the recording's own mean",
	offered: 'offered load of 30 s / target, at once',
} as const;

type OfferedLoad = {
	readonly experiment: Experiment;
	/** Time in service of each request [s]; the model's mean when left out. */
	readonly serviceSeconds?: Float64Array;
	/** Time before time 0 of the recording [s]. */
	readonly lead: number;
	readonly untilSeconds: number;
	/** Recorded rate from a time on, which stands for users that wait for their answers. */
	readonly rate?: readonly {readonly seconds: number; readonly perSecond?: number}[];
};

/**
 * Line of the replicas that the offered load asks for at once.
 *
 * @returns undefined where users wait for their answers and no rate was recorded, or the autoscaler has no CPU target as a share of the request
 */
export function offeredLine({experiment, serviceSeconds, lead, untilSeconds, rate}: OfferedLoad): Timeline | undefined {
	const {autoscaler} = experiment;
	const podCores = coresAtTarget(experiment);
	const load = coresOver({
		experiment,
		lead,
		untilSeconds,
		...(rate && {rate}),
		...(serviceSeconds && {serviceSeconds}),
	});
	return podCores === undefined || load === undefined || autoscaler === 'none'
		? undefined
		: offeredReplicas(load, podCores, autoscaler);
}

/** CPU of a pod at the autoscaler's target [cores]. */
function coresAtTarget({autoscaler, deployment}: Experiment): number | undefined {
	const metrics = autoscaler === 'none' ? [] : autoscaler.metrics;
	const cpu = metrics.find(metric => metric.type.endsWith('Resource') && metric.name === 'cpu');
	const request = deployment.containers.reduce((sum, {requests}) => sum + (requests.cpu ?? 0), 0);
	return cpu?.target.type === 'Utilization' && request > 0
		? (cpu.target.averageUtilization / 100) * request
		: undefined;
}

function coresOver({experiment, serviceSeconds, lead, untilSeconds, rate}: OfferedLoad): OfferedCores | undefined {
	const {workload, deployment} = experiment;
	const mean = meanCoreSeconds(experiment);
	const seconds = Array.from({length: Math.ceil(untilSeconds)}, (_, second) => second);
	if (workload.loop === 'closed') {
		const perSecond = (at: number) => rate?.findLast(point => point.seconds <= at)?.perSecond ?? 0;
		return rate?.[0]?.perSecond === undefined
			? undefined
			: offeredCores(seconds, second => perSecond(second) * mean, untilSeconds);
	}

	const speed = fullSpeedOf(deployment);
	const {arrivals} = workload;
	if (arrivals.process === 'trace') {
		const at = arrivals.at.map(seconds => seconds - lead);
		const {work} = arrivals;
		const own = serviceSeconds ?? work?.seconds;
		const cores = work?.kind === 'cpuSeconds' ? 1 : speed;
		return offeredCores(at, row => (own === undefined ? mean : own[row]! * cores), untilSeconds);
	}

	const rateAt = (at: number) => arrivals.rate.findLast(point => point.at - lead <= at)?.perSecond ?? 0;
	return offeredCores(seconds, second => rateAt(second) * mean, untilSeconds);
}

/** Mean CPU of a request that the service model draws [core-seconds]. */
function meanCoreSeconds({deployment, workload}: Experiment): number {
	const {service} = deployment;
	if (service.kind === 'work') {
		return service.perRequest + service.perPromptToken + service.perOutputToken;
	}

	const speed = fullSpeedOf(deployment);
	if (service.kind === 'time') {
		return meanOf(service.time) * speed;
	}

	if (service.kind === 'engine') {
		return Number.NaN; // A batch has no work of a request alone.
	}

	const work = requestWork(workload);
	const mean = work?.distribution === undefined ? 0 : meanOf(work.distribution);
	return mean * (work?.kind === 'serviceSeconds' ? speed : 1) + service.perRequest;
}
