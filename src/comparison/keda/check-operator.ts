import {compositeMetric, type KedaSpec} from '../../autoscaler/keda/keda-spec.ts';
import {requestScale} from '../../autoscaler/keda/operator.ts';
import {Triggers} from '../../autoscaler/keda/triggers.ts';
import type {DecisionTable} from '../../records/record.ts';
import type {Miss} from '../miss-cause.ts';
import {ExternalSightings, type ExternalValues} from './external-sightings.ts';

/** Statuses of a ScaledObject, times in seconds from the start; NaN where it has none. */
export type ScaledObjectStates = {
	readonly seconds: Float64Array;
	readonly createdSeconds: Float64Array;
	readonly lastActiveSeconds: Float64Array;
};

/** Tables of a measured record that only KEDA explains. */
export type KedaSightings = {
	readonly external: ExternalValues;
	readonly states: ScaledObjectStates;
	readonly scale: {readonly seconds: Float64Array; readonly specReplicas: Int32Array};
};

/** A change of the replicas that no reconcile of the HPA made. */
type Change = {readonly at: number; readonly from: number; readonly to: number};

/** The controller's log and a watch of the scale show the same change within this time [s]. */
const sameChange = 3;
/** Between KEDA's poll and the change that a watch sees [s]. */
const pollLead = 0.5;

/**
 * Decides again each change that KEDA's own operator made: from zero or the idle count, and back.
 *
 * @returns number of the changes, and the changes that came out otherwise
 */
export function checkOperator(
	{external, states, scale}: KedaSightings,
	{keda, decisions}: {readonly keda: KedaSpec; readonly decisions: DecisionTable},
): {readonly changes: number; readonly misses: readonly Miss[]} {
	const sightings = new ExternalSightings(external);
	const changes = changesOf(scale).filter(change => !isOfHpa(change, decisions));
	const misses = changes.flatMap((change): Miss[] => {
		const {at: seconds, from, to} = change;
		const activities = activitiesAround(keda, sightings, change);
		const decided = activities.map(isActive => decide(keda, {change, isActive, states}));
		return decided.includes(to)
			? []
			: [
					{
						seconds,
						recorded: to,
						replayed: decided[0] ?? from,
						cause: 'KEDA decided otherwise',
						detail: `${from} → ${to} recorded, ${activities.map(active => (active ? 'active' : 'not active')).join(' or ')}`,
					},
				];
	});
	return {changes: changes.length, misses};
}

function changesOf({seconds, specReplicas}: KedaSightings['scale']): Change[] {
	return Array.from(seconds, (at, row) => ({
		at,
		from: specReplicas[row - 1] ?? specReplicas[row]!,
		to: specReplicas[row]!,
	})).filter(({from, to, at}) => from !== to && at >= 0);
}

function isOfHpa({at, from, to}: Change, {seconds, currentReplicas, desiredReplicas}: DecisionTable): boolean {
	return seconds.some(
		(time, row) => Math.abs(time - at) <= sameChange && currentReplicas[row] === from && desiredReplicas[row] === to,
	);
}

/** Whether a trigger was active at the poll before a change: by the value then, or by one that was served just before. */
function activitiesAround(keda: KedaSpec, sightings: ExternalSightings, {at, from, to}: Change): boolean[] {
	const time = at - pollLead;
	if (keda.modifiers !== undefined) {
		const {activationTarget} = keda.modifiers;
		return sightings.around(compositeMetric, time).map(milli => milli / 1000 > activationTarget);
	}

	const size = {replicas: Math.max(from, to), readyReplicas: from};
	const choices = keda.triggers.flatMap(({metric}) =>
		metric === undefined ? [] : [sightings.around(metric, time).length],
	);
	return Array.from({length: Math.max(1, ...choices)}, (_, choice) => {
		const read = ({metric}: {readonly metric?: string}) => {
			const near = sightings.around(metric ?? '', time);
			const milli = near[Math.min(choice, near.length - 1)];
			return milli === undefined || Number.isNaN(milli) ? {error: 'not served'} : {value: milli / 1000};
		};
		return new Triggers(keda).poll(read, size).isActive;
	});
}

type Deciding = {readonly change: Change; readonly isActive: boolean; readonly states: ScaledObjectStates};

function decide(keda: KedaSpec, {change, isActive, states}: Deciding): number {
	const {at: now, from: replicas} = change;
	const row = states.seconds.findLastIndex(seconds => seconds < now);
	const [created, lastActive] = [states.createdSeconds[row] ?? Number.NaN, states.lastActiveSeconds[row] ?? Number.NaN];
	const decision = requestScale(keda, {
		now,
		created: Number.isNaN(created) ? Number.NEGATIVE_INFINITY : created,
		...(!Number.isNaN(lastActive) && {lastActive}),
		replicas,
		isActive,
		isError: false,
	});
	return decision.replicas ?? replicas;
}
