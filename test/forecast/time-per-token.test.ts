import test from 'ava';
import {sloChecks} from '../../src/forecast/meets-slo.ts';
import {RequestStatistics} from '../../src/records/request-statistics.ts';
import {describeSlo} from '../../src/report/text/format.ts';
import {constraintsOf} from '../../src/tune/goal.ts';
import {oneRequest} from '../statistics/one-request.ts';

/** Twenty answers of 11 tokens, the first after 1 s; in the run's second half a token takes 100 ms, before that 20 ms. */
function statisticsOf(slo: {readonly ttft?: number; readonly tpot?: number}): RequestStatistics {
	const statistics = new RequestStatistics({tenants: ['one'], warmup: 0, duration: 100, slo});
	for (let request = 0; request < 20; request++) {
		const perToken = request < 10 ? 0.02 : 0.1;
		statistics.completed(oneRequest(request, request, request + 1, 11), 0, request + 1 + 10 * perToken);
	}

	// One token alone has no time per token.
	statistics.completed(oneRequest(30, 30, 31, 1), 0, 31);
	return statistics;
}

test('a request that exceeds the time per token is not good, and the 95th percentile is held to the bound', t => {
	const figures = statisticsOf({tpot: 0.05}).figures();
	t.is(figures.goodputPerSecond, 0.11);
	t.is(figures.sloAttainment, 11 / 21);
	t.true(Math.abs(figures.tpotSeconds.p95! - 0.1) < 1e-9);
	const [check] = sloChecks([figures], {slo: {tpot: 0.05}, timeoutSeconds: 60});
	t.is(check!.figure, 'tpot');
	t.false(check!.isKept);
	t.true(sloChecks([figures], {slo: {tpot: 0.11}, timeoutSeconds: 60})[0]!.isKept);
});

test('goodput needs both the first token and the others in time', t => {
	t.is(statisticsOf({ttft: 2, tpot: 0.2}).figures().goodputPerSecond, 0.21);
	t.is(statisticsOf({ttft: 0.5, tpot: 0.2}).figures().goodputPerSecond, 0);
});

test('without an objective on it the figures are as they were', t => {
	const {tpotSeconds, goodputPerSecond} = statisticsOf({}).figures();
	t.deepEqual(Object.keys(tpotSeconds), ['mean']);
	t.is(goodputPerSecond, 0.21);
});

test('tune holds the requests to it, and reports say it', t => {
	t.deepEqual(
		constraintsOf({ttft: 2, tpot: 0.05}).map(({text}) => text),
		['ttft<2s', 'sloMisses<5%'],
	);
	t.is(describeSlo({tpot: 0.05}), 'SLO time per output token ≤ 50 ms');
});
