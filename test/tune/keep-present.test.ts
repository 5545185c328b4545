import test from 'ava';
import {parseConstraint} from '../../src/tune/goal.ts';
import {tuneSpace} from '../../src/tune/tune.ts';
import {tuningDocument} from '../../src/tune/tuning.ts';
import {spaceOf} from './make-space.ts';
import {standIn, type Truth} from './stand-in.ts';

const settings = {
	minReplicas: {from: 1, to: 4},
	maxReplicas: {from: 5, to: 8},
	'cpu.averageUtilization': {from: 50, to: 90, step: 5},
	'scaleDown.stabilizationWindowSeconds': {choices: [0, 60, 120, 300]},
};

type Options = {readonly bound?: string; readonly own?: number; readonly conditions?: string[]};

const tuned = async (truth: Truth, {bound = 'p95<100s', own = 0.01, conditions = []}: Options = {}) => {
	const space = spaceOf(settings, {conditions});
	const {evaluate} = standIn(truth, {seed: 3, shared: 0.05, own});
	const goal = {minimize: 'costPerHour', constraints: [parseConstraint(bound)]} as const;
	const tuning = await tuneSpace(space, goal, {seed: 3, replications: 20, mostRuns: 1500, evaluate});
	const present = tuning.candidates.find(one => one.present)!;
	return {space, tuning, best: tuning.candidates[0]!, present};
};

test('settings without any effect keep their present value', async t => {
	const {tuning, best, present} = await tuned(({scaling}) => ({cost: 2 + scaling.autoscaler.minReplicas, p95: 1}));
	t.true(tuning.keepsBounds);
	t.is(best.settings['minReplicas'], 1);
	t.deepEqual({...best.settings, minReplicas: 2}, present.settings);
	t.deepEqual(
		tuning.changes.map(({setting}) => setting),
		['minReplicas'],
	);
	t.true(tuning.changes[0]!.difference.low! > 0);
	t.true(best.recommended && best.heldOut);
});

test('an effect that is smaller than the noise is none, one that is larger stays', async t => {
	const truth: Truth = ({scaling, settings: {maxReplicas}}) => ({
		cost: 2 + scaling.autoscaler.minReplicas + 0.0005 * (maxReplicas as number),
		p95: 1,
	});
	const {best, present} = await tuned(truth, {own: 0.02});
	t.is(best.settings['maxReplicas'], present.settings['maxReplicas']);
	t.is(best.settings['minReplicas'], 1);
});

test('a present value that would break a bound does not come back, even where it costs nothing', async t => {
	const truth: Truth = ({settings: {minReplicas, 'cpu.averageUtilization': cpu}}) => ({
		cost: 2 + (minReplicas as number),
		p95: (cpu as number) >= 70 ? 200 : 50,
	});
	const {tuning, best} = await tuned(truth);
	t.true((best.settings['cpu.averageUtilization'] as number) < 70);
	const cpu = tuning.changes.find(({setting}) => setting === 'cpu.averageUtilization')!;
	t.false(cpu.meetsGoal);
});

test('the present setting is recommended where no other is better', async t => {
	const {tuning, best} = await tuned(() => ({cost: 3, p95: 1}));
	t.true(best.present && best.recommended);
	t.deepEqual(tuning.changes, []);
});

test('settings that make no difference together come back together', async t => {
	const apart: Truth = ({settings: {maxReplicas, 'scaleDown.stabilizationWindowSeconds': window, minReplicas}}) => ({
		cost: 2 + 2 * (minReplicas as number) + ((maxReplicas === 6) === (window === 300) ? 0 : 1),
		p95: 1,
	});
	const {best, present} = await tuned(apart);
	t.deepEqual({...best.settings, minReplicas: 2}, present.settings);
});

test('conditions hold for what comes back', async t => {
	const {best} = await tuned(({scaling}) => ({cost: 2 + scaling.autoscaler.minReplicas, p95: 1}), {
		conditions: ['maxReplicas >= 7'],
	});
	t.true((best.settings['maxReplicas'] as number) >= 7);
	t.false('breaks' in best);
});

test('nothing is recommended where no setting keeps the bounds', async t => {
	const {space, tuning} = await tuned(({scaling}) => ({cost: scaling.autoscaler.minReplicas, p95: 1}), {
		bound: 'p95<0.5s',
	});
	t.false(tuning.keepsBounds);
	t.false(tuning.candidates.some(({recommended}) => recommended));
	t.deepEqual([tuning.kept, tuning.changes], [[], []]);
	t.is(tuningDocument(space.experiment, tuning, {kubernetes: '1.34'}).recommended, null);
});
