import test from 'ava';
import {syntheticTrace, type TraceModelName, traceModels} from '../../src/experiment/trace-models.ts';
import {type TraceStatistics, traceStatistics} from '../../src/statistics/trace-statistics.ts';

const seeds = [1, 2, 3, 4];

function drawn(name: TraceModelName, options: {duration: number; seed: number; rate?: number}) {
	const rows = [...syntheticTrace(traceModels[name], options)];
	return {
		at: Float64Array.from(rows, ({at}) => at),
		promptTokens: Int32Array.from(rows, ({promptTokens}) => promptTokens),
		outputTokens: Int32Array.from(rows, ({outputTokens}) => outputTokens),
	};
}

/** The published figure, and how far the mean of four synthetic hours may be off, as a fraction of it. */
type Expected = {readonly of: (statistics: TraceStatistics) => number; readonly value: number; readonly within: number};

const statistics = test.macro({
	exec(t, name: TraceModelName, expected: Readonly<Record<string, Expected>>) {
		const all = seeds.map(seed => traceStatistics(drawn(name, {duration: 3500, seed})));
		for (const [figure, {of, value, within}] of Object.entries(expected)) {
			const mean = all.map(of).reduce((sum, x) => sum + x, 0) / all.length;
			t.true(Math.abs(mean / value - 1) <= within, `${figure}: ${mean} instead of ${value}`);
		}
	},
	title: (_, name) => `${name} has the statistics of the published trace`,
});

test(statistics, 'azure-conversation', {
	rate: {of: ({ratePerSecond}) => ratePerSecond!, value: 5.53, within: 0.02},
	cv: {of: ({interarrival}) => interarrival!.cv, value: 1.09, within: 0.03},
	'cv by the minute': {of: ({perMinute}) => perMinute!.cv, value: 0.22, within: 0.1},
	'largest minute': {of: ({perMinute}) => perMinute!.most / perMinute!.mean, value: 1.52, within: 0.1},
	dispersion: {of: ({dispersionPerSecond}) => dispersionPerSecond!, value: 1.39, within: 0.1},
	prompt: {of: ({promptTokens}) => promptTokens.mean, value: 1155, within: 0.03},
	'prompt p50': {of: ({promptTokens}) => promptTokens.p50, value: 1020, within: 0.03},
	'prompt p99': {of: ({promptTokens}) => promptTokens.p99, value: 4142, within: 0.03},
	output: {of: ({outputTokens}) => outputTokens.mean, value: 211, within: 0.04},
	'output p50': {of: ({outputTokens}) => outputTokens.p50, value: 129, within: 0.03},
	'output p99': {of: ({outputTokens}) => outputTokens.p99, value: 601, within: 0.05},
	correlation: {of: ({tokenCorrelation}) => tokenCorrelation!, value: -0.11, within: 0.2},
	'beyond 2048': {of: ({beyondContext}) => beyondContext[0]!.share, value: 0.147, within: 0.1},
});

test(statistics, 'azure-code', {
	rate: {of: ({ratePerSecond}) => ratePerSecond!, value: 2.57, within: 0.05},
	// One silence of 217 s makes most of it.
	cv: {of: ({interarrival}) => interarrival!.cv, value: 13.2, within: 0.25},
	'cv by the minute': {of: ({perMinute}) => perMinute!.cv, value: 1.04, within: 0.15},
	dispersion: {of: ({dispersionPerSecond}) => dispersionPerSecond!, value: 13.2, within: 0.2},
	prompt: {of: ({promptTokens}) => promptTokens.mean, value: 2048, within: 0.03},
	'prompt p50': {of: ({promptTokens}) => promptTokens.p50, value: 1469, within: 0.03},
	'prompt p99': {of: ({promptTokens}) => promptTokens.p99, value: 7436, within: 0.01},
	output: {of: ({outputTokens}) => outputTokens.mean, value: 27.9, within: 0.06},
	'output cv': {of: ({outputTokens}) => outputTokens.cv, value: 2.15, within: 0.15},
	'output p50': {of: ({outputTokens}) => outputTokens.p50, value: 13, within: 0.01},
	'output p99': {of: ({outputTokens}) => outputTokens.p99, value: 252, within: 0.1},
	'beyond 2048': {of: ({beyondContext}) => beyondContext[0]!.share, value: 0.382, within: 0.05},
});

test('the same seed draws the same trace, another another', t => {
	const one = drawn('azure-code', {duration: 600, seed: 1});
	t.deepEqual(drawn('azure-code', {duration: 600, seed: 1}), one);
	t.notDeepEqual(drawn('azure-code', {duration: 600, seed: 2}), one);
});

test('another rate changes the number of requests alone', t => {
	const {at} = drawn('azure-conversation', {duration: 3600, seed: 1, rate: 0.5});
	t.true(Math.abs(at.length - 1800) < 100, String(at.length));
	t.true(at.at(-1)! < 3600);
});
