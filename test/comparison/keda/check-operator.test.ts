import test from 'ava';
import {kedaSpecOf} from '../../../src/autoscaler/keda/scaled-object.ts';
import {checkOperator} from '../../../src/comparison/keda/check-operator.ts';
import type {DecisionTable} from '../../../src/records/record.ts';
import {scaledObject} from '../../autoscaler/keda/make-scaled-object.ts';

const trigger = {
	type: 'prometheus',
	metadata: {serverAddress: 'http://prometheus:9090', query: 'sum(jobs)', threshold: '4', activationThreshold: '2'},
};
const keda = kedaSpecOf(scaledObject({minReplicaCount: 0, cooldownPeriod: 30, triggers: [trigger]}));
const metric = keda.triggers[0]!.metric!;

type Row = readonly [seconds: number, value: number];

const columns = (rows: readonly Row[]) => ({
	seconds: Float64Array.from(rows, ([seconds]) => seconds),
	values: rows.map(([, value]) => value),
});

/** Checks a scale against what was served, the times at which a trigger was last active, and the HPA's own changes. */
function check(
	served: readonly Row[],
	scaled: readonly Row[],
	{
		lastActive = [],
		ofHpa = [],
	}: {lastActive?: readonly Row[]; ofHpa?: readonly (readonly [number, number, number])[]} = {},
) {
	const [external, scale, states] = [columns(served), columns(scaled), columns(lastActive)];
	return checkOperator(
		{
			external: {
				seconds: external.seconds,
				metric: served.map(() => metric),
				value: Float64Array.from(external.values),
			},
			states: {
				seconds: states.seconds,
				createdSeconds: states.seconds.map(() => -1000),
				lastActiveSeconds: Float64Array.from(states.values),
			},
			scale: {seconds: scale.seconds, specReplicas: Int32Array.from(scale.values)},
		},
		{
			keda,
			decisions: {
				seconds: Float64Array.from(ofHpa, ([seconds]) => seconds),
				currentReplicas: Int32Array.from(ofHpa, ([, from]) => from),
				desiredReplicas: Int32Array.from(ofHpa, ([, , to]) => to),
			} as unknown as DecisionTable,
		},
	);
}

test('steps from zero while a trigger is active, and to zero once the cooldown is over, come out again', t => {
	const served: Row[] = [
		[0, 0],
		[10, 3],
		[40, 0],
	];
	const scaled: Row[] = [
		[-5, 0],
		[12, 1],
		[80, 0],
	];
	t.deepEqual(check(served, scaled, {lastActive: [[12, 38]]}), {changes: 2, misses: []});
});

test('a step that the rules do not give is a miss with what they give', t => {
	const below: Row[] = [[0, 2]]; // a trigger is active above its activation value, not at it
	const {changes, misses} = check(below, [
		[0, 0],
		[20, 1],
	]);
	t.is(changes, 1);
	t.deepEqual(misses, [
		{seconds: 20, recorded: 1, replayed: 0, cause: 'KEDA decided otherwise', detail: '0 → 1 recorded, not active'},
	]);
	const early = check(
		[
			[0, 3],
			[10, 0],
		],
		[
			[0, 1],
			[20, 0],
		],
		{lastActive: [[5, 9]]},
	);
	t.is(early.misses[0]?.replayed, 1, 'the cooldown of 30 s is not over');
});

test('a value that was served shortly before or after the poll counts as well, one that is older does not', t => {
	const scaled: Row[] = [
		[0, 0],
		[20, 1],
	];
	const from = (change: number) =>
		check(
			[
				[0, 0],
				[change, 3],
			],
			scaled,
		).misses.length;
	t.is(from(19), 0);
	t.is(from(20.9), 0, 'seen by the observer 1.4 s after the poll');
	t.is(from(21.5), 1);
});

test('changes that the HPA made, and those before the load, are not the operator’s', t => {
	const scaled: Row[] = [
		[-20, 2],
		[-10, 0],
		[30, 3],
	];
	t.is(check([[-30, 0]], scaled, {ofHpa: [[31, 0, 3]]}).changes, 0);
	t.is(check([[-30, 0]], scaled, {ofHpa: [[34, 0, 3]]}).changes, 1, 'more than 3 s apart');
});
