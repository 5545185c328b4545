import test from 'ava';
import {holds} from '../../src/statistics/prediction.ts';
import {type PredictedOutcome, predictAndRun} from './synthetic-cluster.ts';

const clusters = 500;
const fewer = 120;

function coverageOf(outcomes: readonly PredictedOutcome[]): number {
	return outcomes.filter(({actual, ...interval}) => holds(interval, actual)).length / outcomes.length;
}

function byFigure(outcomes: readonly PredictedOutcome[]): Readonly<Record<string, number>> {
	const names = [...new Set(outcomes.map(({figure}) => figure))];
	return Object.fromEntries(names.map(name => [name, coverageOf(outcomes.filter(({figure}) => figure === name))]));
}

test('prediction intervals hold 90 % of the real runs on clusters whose truth is known', t => {
	t.timeout(300_000);
	const outcomes = Array.from({length: clusters}, (_, seed) => predictAndRun(seed)).flat();
	const coverage = coverageOf(outcomes);
	const each = byFigure(outcomes);
	t.log(coverage, each);
	t.true(outcomes.length >= 8 * clusters);
	t.true(Math.abs(coverage - 0.9) <= 0.03, `${coverage}`);
	t.true(
		['p50', 'p95', 'costPerHour', 'cpuUtilization'].every(figure => Math.abs(each[figure]! - 0.9) <= 0.04),
		JSON.stringify(each),
	);
});

test('intervals without the machine hold too few of them', t => {
	t.timeout(300_000);
	const outcomes = Array.from({length: fewer}, (_, seed) =>
		predictAndRun(seed, ({variation: _variation, ...model}) => model),
	).flat();
	t.true(coverageOf(outcomes) < 0.85, `${coverageOf(outcomes)}`);
	t.true(byFigure(outcomes)['p50']! < 0.75, JSON.stringify(byFigure(outcomes)));
});
