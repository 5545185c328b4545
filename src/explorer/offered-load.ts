import type {Experiment, RenewalArrivals, Users} from '../experiment/experiment.ts';
import type {LinePoint} from '../report/charts/line-chart.ts';

/** Bars that the requests of a trace are counted in. */
const traceBins = 60;

/** Title of the load over time. */
export function loadTitle({workload}: Pick<Experiment, 'workload'>): string {
	return workload.loop === 'closed' ? 'Users over time' : 'Offered load, requests a second';
}

/**
 * Offered requests per second over time, tenants' own included; where users wait for their answers, the number of
 * users, and undefined when it stays the same.
 */
export function offeredLoad({workload, duration}: Pick<Experiment, 'workload' | 'duration'>): LinePoint[] {
	if (workload.loop === 'closed') {
		return usersOver(workload.users, duration);
	}

	const {arrivals, tenants} = workload;
	if (arrivals.process === 'trace') {
		return countedLoad(arrivals.at, duration);
	}

	return summed([arrivals, ...tenants.flatMap(({arrivals: own}) => own ?? [])], duration);
}

function usersOver({curve}: Users, duration: number): LinePoint[] {
	const rate = curve?.points.map(({at, count}) => ({at, perSecond: count}));
	return curve === undefined || rate === undefined ? [] : summed([{...curve, rate}], duration);
}

type Curve = Pick<RenewalArrivals, 'rate' | 'interpolation'>;

function summed(curves: readonly Curve[], duration: number): LinePoint[] {
	const corners = new Set([0, duration, ...curves.flatMap(({rate}) => rate.map(({at}) => at))]);
	return [...corners]
		.filter(at => at <= duration)
		.sort((a, b) => a - b)
		.flatMap(at => [
			...(at === 0 ? [] : [{at, value: sum(curves.map(curve => rateAt(curve, at, 'before')))}]),
			...(at === duration ? [] : [{at, value: sum(curves.map(curve => rateAt(curve, at, 'after')))}]),
		]);
}

/** Value of a rate curve just before or after a moment. */
function rateAt({rate, interpolation}: Curve, at: number, side: 'before' | 'after'): number {
	const next = rate.findIndex(point => (side === 'before' ? point.at >= at : point.at > at));
	const from = next === -1 ? rate.at(-1) : rate[next - 1];
	const to = rate[next];
	if (from === undefined) {
		return 0;
	}

	return interpolation === 'step' || to === undefined
		? from.perSecond
		: from.perSecond + ((at - from.at) / (to.at - from.at)) * (to.perSecond - from.perSecond);
}

function countedLoad(times: readonly number[], duration: number): LinePoint[] {
	const width = duration / traceBins;
	const counts = new Array<number>(traceBins).fill(0);
	for (const at of times) {
		const bin = Math.floor(at / width);
		if (bin < traceBins) {
			counts[bin]! += 1;
		}
	}

	return counts.flatMap((count, bin) => [bin, bin + 1].map(end => ({at: end * width, value: count / width})));
}

function sum(numbers: readonly number[]): number {
	return numbers.reduce((total, number) => total + number, 0);
}
