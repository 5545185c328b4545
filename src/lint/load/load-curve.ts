import type {Experiment, RenewalArrivals} from '../../experiment/experiment.ts';

/** Time between two points of a curve [s]. */
const step = 5;

/** A curve is low below the first part of its most, and high from the second on. */
const [low, high] = [0.5, 0.75];

/** Time of a load that is near its most [s]; `end` is where it leaves it. */
export type Peak = {readonly begin: number; readonly end: number};

/**
 * Peaks of an experiment's load with low load between them, in the order of time.
 *
 * @returns undefined where the load has no curve, as that of a trace
 */
export function peaksOf(experiment: Experiment): Peak[] | undefined {
	const curve = curveOf(experiment);
	if (curve === undefined) {
		return undefined;
	}

	const times = Array.from({length: Math.ceil(experiment.duration / step)}, (_, index) => index * step);
	const values = times.map(curve);
	const most = values.reduce((largest, value) => Math.max(largest, value), 0);
	const peaks: Peak[] = [];
	let isLowSince = true;
	for (const [index, value] of values.entries()) {
		const at = times[index]!;
		if (value >= high * most && most > 0) {
			const last = peaks.at(-1);
			if (isLowSince || last === undefined) {
				peaks.push({begin: at, end: at + step});
			} else {
				peaks.splice(-1, 1, {begin: last.begin, end: at + step});
			}

			isLowSince = false;
		} else if (value <= low * most) {
			isLowSince = true;
		}
	}

	return peaks;
}

/** Requests a second, or users, at a time. */
function curveOf({workload}: Experiment): ((at: number) => number) | undefined {
	const tenants = workload.tenants.flatMap(({arrivals}) => (arrivals === undefined ? [] : [arrivals]));
	if (workload.loop === 'closed') {
		const {count, curve} = workload.users;
		return tenants.length > 0 || curve === undefined
			? undefined
			: at =>
					valueAt(
						curve.points.map(point => [point.at, point.count]),
						at,
						curve.interpolation,
					) ?? count;
	}

	if (workload.arrivals.process === 'trace') {
		return undefined;
	}

	const all = [workload.arrivals, ...tenants];
	return at => all.reduce((sum, arrivals) => sum + rateOf(arrivals, at), 0);
}

function rateOf({rate, interpolation}: RenewalArrivals, at: number): number {
	return (
		valueAt(
			rate.map(point => [point.at, point.perSecond]),
			at,
			interpolation,
		) ?? 0
	);
}

function valueAt(
	points: readonly (readonly [at: number, value: number])[],
	at: number,
	interpolation: 'step' | 'linear',
): number | undefined {
	const index = points.findLastIndex(point => point[0] <= at);
	const [from, next] = [points[index], points[index + 1]];
	if (from === undefined) {
		return undefined;
	}

	return interpolation === 'step' || next === undefined
		? from[1]
		: from[1] + ((next[1] - from[1]) * (at - from[0])) / (next[0] - from[0]);
}
