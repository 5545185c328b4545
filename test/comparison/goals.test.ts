import test from 'ava';
import type {Comparison} from '../../src/comparison/compare.ts';
import type {FigureComparison} from '../../src/comparison/compare-figures.ts';
import {type GoalVerdict, goals} from '../../src/comparison/validation/goals.ts';
import {judgeEvidence} from '../../src/comparison/validation/validation.ts';

const figure = (parts: Partial<FigureComparison>): FigureComparison => ({
	unit: '1',
	simulated: null,
	measured: null,
	error: null,
	relativeError: null,
	absoluteError: null,
	noiseFloor: null,
	skill: null,
	skillRange: null,
	tolerance: null,
	verdict: null,
	...parts,
});

const error = (value: number, low: number | null, high: number | null) => ({value, low, high});
const level = (mean: number) => ({mean, low: mean, high: mean});

function comparison(figures: Record<string, FigureComparison>, parts: Partial<Comparison> = {}): Comparison {
	const a = {decisions: 0, matches: 0, share: null, causes: [], records: []};
	return {
		verdict: 'VALID',
		failing: [],
		unclear: [],
		figures,
		cutOff: [],
		judgements: {simulator: {figures}},
		triangle: {a, b: {}, c: {}, parts: [], source: []},
		...parts,
	} as unknown as Comparison;
}

const outcome = (name: string, of: Comparison) => goals.find(goal => goal.name === name)!.judge(of);

type Ends = readonly [number | null, number | null];

const bounded = test.macro({
	exec(t, ends: Ends, verdict: GoalVerdict) {
		const podHours = figure({unit: 'h', measured: level(2), error: error(0.05, ...ends)});
		t.like(outcome('podHours', comparison({podHours})), {figure: 'podHours', value: 0.025, verdict});
	},
	title: (_, ends: Ends, verdict: GoalVerdict) => `pod-hours off by ${ends.join(' to ')} h of 2 h are ${verdict}`,
});

test(bounded, [-0.09, 0.09], 'met');
test(bounded, [0.01, 0.11], 'open');
test(bounded, [0.11, 0.3], 'missed');
test(bounded, [null, null], 'open');

test('absolute goals are in the unit of their figure', t => {
	const figures = {
		replicasMeanAbsoluteError: figure({unit: 'pods', error: error(0.6, 0.55, 0.7)}),
		scaleLag: figure({unit: 's', error: error(-3, -14, 8)}),
	};
	t.like(outcome('replicas', comparison(figures)), {value: 0.6, verdict: 'missed'});
	t.like(outcome('scaleLag', comparison(figures)), {value: -3, low: -14, high: 8, verdict: 'met'});
	t.is(outcome('p95', comparison(figures)), undefined);
});

test('the largest skill of the bounded figures is held against 1', t => {
	const measured = level(2);
	const figures = {
		podHours: figure({measured, noiseFloor: 0.1, skill: 0.9}),
		p95: figure({measured, noiseFloor: 0.5, skill: 1.4, skillRange: {low: 0.8, high: 2}}),
		energy: figure({measured, noiseFloor: 0.1, skill: 9}),
	};
	t.deepEqual(outcome('skill', comparison(figures)), {figure: 'p95', value: 1.4, low: 0.8, high: 2, verdict: 'missed'});
	t.like(outcome('skill', comparison({podHours: figure({measured, noiseFloor: 0.1, skill: 1})})), {verdict: 'met'});
	t.is(outcome('skill', comparison({podHours: figure({measured})})), undefined);
});

test('repeats that do not differ have no noise to be held against', t => {
	// A hundredth of 5 % of 2 h is 0.001 h.
	const of = (noiseFloor: number) =>
		outcome('skill', comparison({podHours: figure({measured: level(2), noiseFloor, skill: 50})}));
	t.is(of(0.0009), undefined);
	t.is(of(0.0011)!.verdict, 'missed');
});

test('savings are met when the interval of their error holds 0', t => {
	const of = (low: number, high: number) =>
		outcome('savings', comparison({savings: figure({error: error((low + high) / 2, low, high)})}));
	t.is(of(-0.01, 0.03)!.verdict, 'met');
	t.is(of(0.01, 0.03)!.verdict, 'missed');
	t.is(of(-0.03, -0.01)!.verdict, 'missed');
});

const decided = (matches: number, decisions: number): Comparison => {
	const whole = comparison({});
	return {
		...whole,
		triangle: {...whole.triangle, a: {...whole.triangle.a, decisions, matches, share: matches / decisions}},
	};
};

test('decisions have to come out again in 99 of 100 ticks', t => {
	t.like(outcome('decisions', decided(99, 100)), {value: 0.99, verdict: 'met'});
	t.like(outcome('decisions', decided(98, 100)), {value: 0.98, verdict: 'missed'});
	t.is(outcome('decisions', comparison({})), undefined);
});

const evidence = (name: string, of: Comparison | null) => ({
	experiment: {name, hash: name, seed: 1},
	file: `${name}.yaml`,
	models: [],
	records: [],
	comparison: of,
	inSample: [],
});
const validated = (experiments: readonly ReturnType<typeof evidence>[]) =>
	judgeEvidence({replications: 100, experiments, strangers: [], unmeasured: []});

test('a goal is met when every experiment that can tell meets it', t => {
	const {goals: summaries} = validated([
		evidence('a', decided(100, 100)),
		evidence('b', comparison({})),
		evidence('c', decided(9, 10)),
	]);
	const decisions = summaries.find(({name}) => name === 'decisions')!;
	t.is(decisions.verdict, 'missed');
	t.deepEqual(decisions.experiments, {met: ['a'], missed: ['c'], open: []});
	t.is(summaries.find(({name}) => name === 'p95')!.verdict, 'open');
});

test('the whole is valid when every experiment that was judged is', t => {
	const [good, unsure, bad] = (['VALID', 'CANNOT SAY', 'NOT VALID'] as const).map(verdict =>
		evidence(verdict, comparison({}, {verdict})),
	);
	const unjudged = evidence('unjudged', null);
	t.is(validated([good!, unjudged]).verdict, 'VALID');
	t.is(validated([good!, unsure!]).verdict, 'CANNOT SAY');
	t.is(validated([good!, unsure!, bad!]).verdict, 'NOT VALID');
	t.is(validated([unjudged]).verdict, 'CANNOT SAY');
});
