import test from 'ava';
import {readExperiment} from '../../src/store/experiments/read-experiment.ts';
import {defaultSpace} from '../../src/tune/default-space.ts';
import {scaled} from '../../src/tune/evaluate-candidate.ts';
import type {Value} from '../../src/tune/knob.ts';
import {knobsOf} from '../../src/tune/knobs.ts';
import {presentScaling} from '../../src/tune/resolve-space.ts';
import {candidateAt, type Space} from '../../src/tune/space.ts';
import {spaceOf} from './make-space.ts';

/** Scaling of the candidate that has these values. */
function scalingOf(space: Space, wanted: Readonly<Record<string, Value>>) {
	const point = space.settings.map(({name, values}) => values.indexOf(wanted[name]!));
	return candidateAt(space, point)!.scaling;
}

const karpenter = await readExperiment('experiments/nodes/consolidation-flaps.yaml');

test('a node autoscaler’s settings are those of the candidate, and their own values the present scaling', t => {
	const space = spaceOf(
		{
			'nodes.spare': {choices: [0, 3]},
			'nodes.consolidateAfter': {choices: [0, 900, 'Never']},
			'nodes.consolidationPolicy': {choices: ['WhenEmpty', 'WhenEmptyOrUnderutilized']},
		},
		{experiment: karpenter},
	);
	const [after, policy, spare] = ['nodes.consolidateAfter', 'nodes.consolidationPolicy', 'nodes.spare'] as const;
	const {nodeAutoscaler} = scaled(karpenter, scalingOf(space, {[after]: 900, [policy]: 'WhenEmpty', [spare]: 3}));
	t.deepEqual(
		nodeAutoscaler!.pools.map(({consolidation}) => [consolidation.after, consolidation.policy]),
		karpenter.nodeAutoscaler!.pools.map(() => [900, 'WhenEmpty']),
	);
	t.is(nodeAutoscaler!.spare!.replicas, 3);
	const never = scalingOf(space, {[after]: 'Never', [policy]: 'WhenEmpty', [spare]: 0});
	t.is(scaled(karpenter, never).nodeAutoscaler!.pools[0]!.consolidation.after, Number.POSITIVE_INFINITY);
	const present = presentScaling(karpenter);
	const own = Object.fromEntries(
		[after, policy, spare].map(name => [name, knobsOf(karpenter).get(name)!.read(present)]),
	);
	t.deepEqual(own, {[after]: 0, [policy]: 'WhenEmptyOrUnderutilized', [spare]: 0});
	t.deepEqual(scaled(karpenter, scalingOf(space, own)).nodeAutoscaler, karpenter.nodeAutoscaler);
});

test('one instance type takes the place of all, in the pools that have it', t => {
	const knob = knobsOf(karpenter).get('nodes.instanceType')!;
	const {types} = karpenter.nodeAutoscaler!;
	t.deepEqual(knob.words, ['all', ...types.map(({name}) => name)]);
	const present = presentScaling(karpenter);
	t.is(knob.read(present), 'all');
	const last = types.at(-1)!.name;
	const one = knob.write(present, last);
	t.is(knob.read(one), last);
	t.deepEqual([...new Set(one.nodes!.pools.flatMap(pool => pool.types))], [types.length - 1]);
	t.deepEqual(knob.write(present, 'all'), present);
});

test('the default space has the settings of nodes where there are any', t => {
	const names = (experiment: typeof karpenter) =>
		defaultSpace(experiment, {hasTolerance: false})
			.settings.map(({name}) => name)
			.filter(name => name.startsWith('nodes.'));
	t.deepEqual(names(karpenter), ['nodes.spare', 'nodes.consolidateAfter', 'nodes.consolidationPolicy']);
	const {nodeAutoscaler: _, ...without} = karpenter;
	t.deepEqual(names(without as typeof karpenter), []);
});
