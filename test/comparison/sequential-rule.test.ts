import test from 'ava';
import {mean, sampleStandardDeviation} from 'simple-statistics';
import {afterDisturbance, afterLook, afterRun, type Campaign, nextRun} from '../../src/comparison/campaign/campaign.ts';
import {confidenceOf, levelAt, usualRule} from '../../src/comparison/campaign/sequential-rule.ts';
import {RandomStream} from '../../src/engine/random-stream.ts';
import {equivalence} from '../../src/statistics/equivalence.ts';
import {studentQuantile} from '../../src/statistics/estimate.ts';

const looks = Array.from({length: 7}, (_, index) => index + 2);

test('the levels of all looks add up to the stated probability', t => {
	const levels = looks.map(repeats => levelAt(repeats, usualRule));
	t.true(levels.every(level => level > 0));
	t.true(Math.abs(levels.reduce((sum, level) => sum + level, 0) - 0.05) < 1e-12);
	t.is(levelAt(1, usualRule), 0);
	t.is(levelAt(9, usualRule), 0);
	t.true(confidenceOf(levelAt(2, usualRule)) > 0.9);
});

/** Verdict of a campaign over one figure whose errors are normal about a mean, with a tolerance of 1. */
function verdictOf(stream: RandomStream, {error, deviation}: {error: number; deviation: number}) {
	const errors: number[] = [error + deviation * stream.normal()];
	for (const repeats of looks) {
		errors.push(error + deviation * stream.normal());
		const level = levelAt(repeats, usualRule);
		const half = (studentQuantile(1 - level, repeats - 1) * sampleStandardDeviation(errors)) / Math.sqrt(repeats);
		const verdict = equivalence({low: mean(errors) - half, high: mean(errors) + half}, 1);
		if (verdict !== 'unclear') {
			return {verdict, repeats};
		}
	}

	return {verdict: 'unclear' as const, repeats: 8};
}

const campaigns = 4000;
/** Three standard errors of a share of 5 % among so many. */
const slack = 3 * Math.sqrt((0.05 * 0.95) / campaigns);

test('an error at the edge of its tolerance is called within, or outside, in at most 5 % of campaigns', t => {
	for (const deviation of [0.05, 0.3, 1]) {
		const stream = new RandomStream({seed: 1, replication: 0, purpose: 'test'});
		const verdicts = Array.from({length: campaigns}, () => verdictOf(stream, {error: 1, deviation}).verdict);
		for (const wrong of ['within', 'outside'] as const) {
			const share = verdicts.filter(verdict => verdict === wrong).length / campaigns;
			t.true(share <= 0.05 + slack, `${wrong} in ${share} at ${deviation}`);
			t.true(deviation > 0.3 || share > 0.01, `${wrong} in ${share} at ${deviation}`); // not for want of power
		}
	}
});

test('a right simulator with a small spread is decided long before the last look', t => {
	const stream = new RandomStream({seed: 2, replication: 0, purpose: 'test'});
	const runs = Array.from({length: 500}, () => verdictOf(stream, {error: 0, deviation: 0.15}));
	t.true(runs.filter(({verdict}) => verdict === 'within').length > 490);
	t.true(mean(runs.map(({repeats}) => repeats)) < 4.5);
});

const experiment = (name: string) => ({
	name,
	hash: name,
	arms: ['dynamic'] as const,
	repeats: 0,
	done: [],
	disturbed: 0,
	disturbedRuns: 0,
	decided: {},
	open: [],
});
const fresh: Campaign = {
	rule: {...usualRule, mostRepeats: 3},
	seed: 1,
	experiments: ['a', 'b', 'c', 'd'].map(experiment),
};

test('experiments take turns in a random order that is another one for each repeat', t => {
	let campaign = fresh;
	const order: string[] = [];
	for (let run = nextRun(campaign); run !== undefined && order.length < 12; run = nextRun(campaign)) {
		order.push(run.name);
		t.is(run.repeat, Math.floor((order.length - 1) / 4));
		campaign = afterRun(campaign, run);
	}

	const rounds = [0, 4, 8].map(from => order.slice(from, from + 4).join(''));
	t.true(rounds.every(round => [...round].sort().join('') === 'abcd'));
	t.true(new Set(rounds).size > 1, rounds.join(' '));
	t.is(nextRun({...fresh, seed: 1})?.name, order[0]!);
});

test('a figure that a look decided stays decided; one that is outside refuses; the last look ends it', t => {
	const run = {name: 'a', arm: 'dynamic', repeat: 0} as const;
	const two = afterRun(afterRun(fresh, run), {...run, repeat: 1});
	const judged = ['p95', 'podHours'];
	const first = afterLook(two, 'a', {judged, within: ['p95'], outside: []});
	t.is(first.experiments[0]!.verdict, undefined);
	t.deepEqual(first.experiments[0]!.open, ['podHours']);
	const three = afterRun(first, {...run, repeat: 2});
	t.is(afterLook(three, 'a', {judged, within: ['podHours'], outside: []}).experiments[0]!.verdict, 'VALID');
	t.is(afterLook(three, 'a', {judged, within: ['p95'], outside: ['podHours']}).experiments[0]!.verdict, 'NOT VALID');
	t.like(afterLook(three, 'a', {judged, within: [], outside: []}).experiments[0], {
		verdict: 'CANNOT SAY',
		reason: 'open after 3 repeats',
	});
});

test('a run that is disturbed three times in a row ends its experiment; a good one between forgets it', t => {
	const run = {name: 'a', arm: 'dynamic', repeat: 0} as const;
	const disturb = (campaign: Campaign) => afterDisturbance(campaign, run, ['node saturated']);
	const twice = disturb(disturb(fresh));
	t.is(twice.experiments[0]!.verdict, undefined);
	t.deepEqual(nextRun({...twice, experiments: [twice.experiments[0]!]}), run); // the same again
	t.like(disturb(twice).experiments[0], {verdict: 'CANNOT SAY', disturbedRuns: 3});
	t.is(disturb(afterRun(twice, run)).experiments[0]!.verdict, undefined);
});
