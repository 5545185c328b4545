import {durationText} from '../experiment/duration.ts';
import type {Distribution, Experiment, RatePoint, RenewalArrivals, Users, Workload} from '../experiment/experiment.ts';
import {usersAtMost} from '../experiment/user-presence.ts';
import {formatGiven, perSecond, plainNumber, seconds} from '../report/text/format.ts';
import {largest} from '../statistics/extremes.ts';
import type {Value} from '../tune/knob.ts';
import {type Control, range, stopsAround, stopsWith} from './control.ts';
import {bentTrace, type Explored, type ExploredTrace, withArrivals} from './explored.ts';

/** Most points of a curve with a control each; of a longer one only the whole is scaled. */
const mostPoints = 8;
/** Most points that a command line writes out; a longer curve, such as that of a table, has a factor there. */
const mostWritten = 200;
const mostUsers = 50;

const rateWords = (value: Value) => formatGiven(Number(value), perSecond);
const times = (value: Value) => `× ${plainNumber(Number(value))}`;

/** Sliders for what the experiment's arrivals allow. */
export function loadControls({experiment, trace}: Explored): Control[] {
	const {workload} = experiment;
	if (workload.loop === 'closed') {
		return [usersControl(workload.users), ...thinkControls(workload.users.thinkTime)];
	}

	if (workload.arrivals.process === 'trace') {
		return trace === undefined ? [] : [traceControl(trace)];
	}

	return [
		...(workload.arrivals.rate.length > mostPoints ? [] : workload.arrivals.rate.flatMap(rateControl)),
		factorControl,
		...(workload.arrivals.process === 'gamma' ? [cvControl(workload.arrivals.cv)] : []),
	];
}

type Open = Extract<Workload, {loop: 'open'}>;

/** The experiment with its arrivals changed, which are renewal ones where these controls are. */
function changed(experiment: Experiment, change: (arrivals: RenewalArrivals) => RenewalArrivals): Experiment {
	return withArrivals(experiment, change((experiment.workload as Open).arrivals as RenewalArrivals));
}

function rateControl(point: RatePoint, index: number, curve: readonly RatePoint[]): Control[] {
	const around = point.perSecond > 0 ? point.perSecond : largest(curve.map(({perSecond}) => perSecond));
	return around === 0
		? []
		: [
				{
					name: `rate.${index}`,
					label: curve.length === 1 ? 'Arrival rate' : `Arrival rate from ${durationText(point.at)} on`,
					group: 'Load',
					own: point.perSecond,
					stops: stopsWith(point.perSecond, [0, ...stopsAround(around)]),
					words: rateWords,
					write: (experiment, value) =>
						changed(experiment, arrivals => ({
							...arrivals,
							rate: arrivals.rate.map((one, other) => (other === index ? {...one, perSecond: Number(value)} : one)),
						})),
					changes: rateChanges,
				},
			];
}

/** All rates together, those of single tenants too. */
const factorControl: Control = {
	name: 'load',
	label: 'Whole load',
	group: 'Load',
	own: 1,
	stops: stopsAround(1),
	words: times,
	write(experiment, value) {
		const workload = experiment.workload as Open;
		const tenants = workload.tenants.map(({arrivals, ...tenant}) => ({
			...tenant,
			...(arrivals !== undefined && {arrivals: scaled(arrivals, Number(value))}),
		}));
		const arrivals = scaled(workload.arrivals as RenewalArrivals, Number(value));
		return {...experiment, workload: {...workload, arrivals, tenants}};
	},
	changes: rateChanges,
};

function scaled(arrivals: RenewalArrivals, factor: number): RenewalArrivals {
	if (arrivals.rate.length > mostWritten) {
		const rate = arrivals.rate.map(({at, perSecond: own}) => ({at, perSecond: own * factor}));
		return {...arrivals, rate, rateScale: (arrivals.rateScale ?? 1) * factor};
	}

	const rate = arrivals.rate.map(({at, perSecond: own}) => ({at, perSecond: Number((own * factor).toPrecision(6))}));
	return {...arrivals, rate};
}

function rateChanges({workload}: Experiment): string[] {
	const {arrivals, tenants} = workload as Open;
	const own = tenants.flatMap((tenant, index) =>
		tenant.arrivals === undefined ? [] : [{path: `workload.tenants.${index}.arrivals`, arrivals: tenant.arrivals}],
	);
	return [{path: 'workload.arrivals', arrivals: arrivals as RenewalArrivals}, ...own].flatMap(each =>
		curveChanges(each.arrivals).map(change => `${each.path}.${change}`),
	);
}

function curveChanges({rate, rateScale}: RenewalArrivals): string[] {
	if (rate.length > mostWritten) {
		return [`rateScale=${rateScale ?? 1}`];
	}

	const points = rate.map(({at, perSecond: perSecondNow}) => ({at: durationText(at), perSecond: perSecondNow}));
	return [`rate=${JSON.stringify(points)}`, ...(rateScale === undefined ? [] : ['rateScale=1'])];
}

function cvControl(own: number): Control {
	return {
		name: 'cv',
		label: 'Burstiness (coefficient of variation)',
		group: 'Load',
		own,
		stops: stopsWith(own, [0.25, 0.5, 0.75, 1, 1.5, 2, 2.5, 3, 4, 5]),
		words: String,
		write: (experiment, value) => changed(experiment, arrivals => ({...arrivals, cv: Number(value)})),
		changes: (_, value) => [`workload.arrivals.cv=${value}`],
	};
}

function traceControl(trace: ExploredTrace): Control {
	const {timeScale: own} = trace.transform;
	return {
		name: 'timeScale',
		label: 'Trace stretched in time',
		group: 'Load',
		own,
		stops: stopsWith(own, stopsAround(own)),
		words: times,
		write: (experiment, value) => withArrivals(experiment, bentTrace(trace, Number(value))),
		changes: (_, value) => [`workload.arrivals.transform.timeScale=${value}`],
	};
}

type Closed = Extract<Workload, {loop: 'closed'}>;

function withUsers(experiment: Experiment, change: Partial<Closed['users']>): Experiment {
	const workload = experiment.workload as Closed;
	return {...experiment, workload: {...workload, users: {...workload.users, ...change}}};
}

/** How many users there are; of those who come and go, the most. */
function usersControl(users: Users): Control {
	const {count: own, curve} = users;
	return {
		name: 'users',
		label: curve === undefined ? 'Users at a time' : 'Most users at a time',
		group: 'Load',
		own,
		stops: stopsWith(own, range(1, Math.max(mostUsers, 2 * own), Math.max(1, Math.round(own / 100)))),
		words: value => plainNumber(Number(value)),
		write(experiment, value) {
			const {thinkTime: _, ...changed} = usersAtMost(users, Number(value));
			return withUsers(experiment, changed);
		},
		changes: ({workload}) => [`workload.users.count=${countText((workload as Closed).users)}`],
	};
}

/** Argument of `--set` for a number of users or its curve. */
function countText({count, curve}: Users): string {
	return curve === undefined
		? String(count)
		: JSON.stringify(curve.points.map(({at, count: users}) => ({at: durationText(at), count: users})));
}

/** For the time between an answer and the next request, where one number says how long it is. */
function thinkControls(thinkTime: Distribution): Control[] {
	const key = 'mean' in thinkTime ? 'mean' : 'value' in thinkTime ? 'value' : undefined;
	const own = 'mean' in thinkTime ? thinkTime.mean : 'value' in thinkTime ? thinkTime.value : 0;
	return key === undefined || own === 0
		? []
		: [
				{
					name: 'thinkTime',
					label: 'Time to think between two requests',
					group: 'Load',
					own,
					stops: stopsWith(own, stopsAround(own)),
					words: value => formatGiven(Number(value), seconds),
					write: (experiment, value) =>
						withUsers(experiment, {thinkTime: {...thinkTime, [key]: Number(value)} as Distribution}),
					changes: (_, value) => [`workload.users.thinkTime.${key}=${durationText(Number(value))}`],
				},
			];
}
