import test from 'ava';
import {fitHistory, type HistoryFit} from '../../../src/calibration/history/fit-history.ts';
import type {Identification} from '../../../src/calibration/history/identification.ts';
import type {History} from '../../../src/records/history.ts';
import {historyOf, truth, webExperiment} from './simulated-history.ts';

/** Seeds of the simulated histories. */
const seeds = 50;
const wantedShare = 0.9;

const holds = (finding: Identification, value: number) =>
	finding.isIdentified && finding.low <= value && value <= finding.high;

/** A history without the steps of some spans. */
function withGaps(history: History, spans: readonly (readonly [number, number])[]): History {
	const series = Object.fromEntries(
		Object.entries(history.series).map(([name, values]) => {
			const cut = values.slice();
			for (const [from, to] of spans) {
				cut.fill(Number.NaN, from, to);
			}

			return [name, cut];
		}),
	);
	return {...history, series};
}

test('work, idle CPU and start-up of a simulated service lie in their intervals for nine of ten histories', async t => {
	t.timeout(600_000);
	const experiment = await webExperiment();
	const fits = Array.from({length: seeds}, (_, replication) => fitHistory(historyOf(experiment, replication))!);
	const share = (read: (fit: HistoryFit) => Identification, value: number) =>
		fits.filter(fit => holds(read(fit), value)).length / seeds;
	const found = {
		work: share(({work}) => work.work, truth.added),
		idleCpu: share(({work}) => work.idleCpu, truth.idleCpu),
		startup: share(({startup}) => startup.mean, truth.startup),
	};
	t.log(JSON.stringify(found));
	t.log(JSON.stringify(fits.slice(0, 4).map(({work, startup}) => [work, startup])));
	for (const [name, value] of Object.entries(found)) {
		t.true(value >= wantedShare, `${name}: ${value}`);
	}
});

test('memory at rest lies in its own interval, and pods that start do not count', async t => {
	const history = historyOf(await webExperiment(), 1);
	t.true(history.series.readyReplicas!.some((ready, step) => ready < history.series.currentReplicas![step]!));
	const {memory} = fitHistory(history)!;
	t.like(memory, {isIdentified: true, value: 67_108_864, low: 67_108_864, high: 67_108_864});
});

test('gaps and short histories change what is known, not what is true', async t => {
	const history = historyOf(await webExperiment(), 3);
	const gapped = fitHistory(
		withGaps(history, [
			[100, 110],
			[300, 312],
		]),
	)!;
	t.is(gapped.load.bridged, 22);
	t.true(holds(gapped.work.work, truth.added));
	const long = fitHistory(withGaps(history, [[200, 260]]))!;
	t.deepEqual(long.load.stretch, {from: 260, to: history.steps});
	t.is(long.load.leftOut, 200);
	const short = fitHistory(withGaps(history, [[50, history.steps]]))!;
	t.like(short.work.work, {isIdentified: false});
	t.is(fitHistory(withGaps(history, [[20, history.steps]])), undefined);
});

test('work cannot be told from idle CPU where the load stays the same', async t => {
	const experiment = await webExperiment({rate: [{at: 0, perSecond: 8}], process: 'deterministic'});
	const {work} = fitHistory(historyOf(experiment, 0))!;
	t.false(work.work.isIdentified);
	t.regex(work.work.isIdentified ? '' : work.work.reason, /hardly varied/);
	t.true(work.mostWork! > truth.work, 'as idle CPU counts as work');
});

test('work is not identified where pods are at their limit most of the time, and the load carries that', async t => {
	const experiment = await webExperiment({rate: [{at: 0, perSecond: 60}], duration: 3600, maxReplicas: 2});
	const {work, distress} = fitHistory(historyOf(experiment, 0))!;
	t.regex(work.work.isIdentified ? '' : work.work.reason, /throttled or at their CPU limit/);
	const saturated = distress.find(({kind}) => kind === 'saturated');
	t.true(saturated!.share > 0.8);
});

test('without ready pods or the wish of the autoscaler a start-up is not identified, and the reason is named', async t => {
	const {series, ...history} = historyOf(await webExperiment(), 1);
	const {readyReplicas: _, currentReplicas: __, ...rest} = series;
	const fit = fitHistory({...history, series: rest})!;
	t.deepEqual(fit.startup.mean, {isIdentified: false, reason: 'the number of ready pods was not recorded'});
	t.deepEqual(fit.work.work, {isIdentified: false, reason: 'the number of ready pods was not recorded'});
});

test('without requests the CPU of the pods is the load', async t => {
	const {series, ...history} = historyOf(await webExperiment(), 1);
	const {requestRate: _, ...rest} = series;
	t.is(fitHistory({...history, series: rest})!.load.witness, 'cpu');
});

test('counts of requests have the chance of their arrivals in them, a rate over minutes has not', async t => {
	const history = historyOf(await webExperiment(), 2);
	t.true(fitHistory(history)!.load.hasChance);
	const rate = history.series.requestRate!;
	const smooth = rate.map((_, step) => {
		const part = rate.subarray(Math.max(0, step - 7), step + 1);
		return part.reduce((sum, value) => sum + value, 0) / part.length;
	});
	t.false(fitHistory({...history, series: {...history.series, requestRate: smooth}})!.load.hasChance);
});

test('tokens of a request and its time in service follow from rates, requests at a time from steps in which others wait', t => {
	const steps = 480;
	const wave = Float64Array.from({length: steps}, (_, step) => 2 + Math.sin(step / 30));
	const fit = fitHistory({
		...{start: 0, stepSeconds: 15, steps, source: 'made up', containers: [], nodes: [], queries: [], notes: []},
		workload: {kind: 'Deployment', name: 'vllm', namespace: 'llm'},
		cpuOfContainers: {},
		series: {
			requestRate: wave,
			promptTokenRate: wave.map(rate => rate * 500),
			outputTokenRate: wave.map(rate => rate * 120),
			running: wave.map(() => 16),
			waiting: wave.map((_, step) => (step % 2) * 5),
			readyReplicas: wave.map(() => 2),
		},
	})!;
	t.true(holds(fit.promptTokens, 500) && holds(fit.outputTokens, 120));
	t.true(holds(fit.concurrency, 8));
	t.true(fit.timeInService.isIdentified && Math.abs(fit.timeInService.value - 8) < 0.5);
	t.is(fit.distress.length, 0);
});

test('a histogram gives response times at low load, their spread and their 95th percentile', t => {
	const steps = 60;
	const answers = new Float64Array(steps).fill(10);
	const part = (share: number) => answers.map(rate => rate * share);
	const fit = fitHistory({
		...{start: 0, stepSeconds: 15, steps, source: 'made up', containers: [], nodes: [], queries: [], notes: []},
		workload: {kind: 'Deployment', name: 'web', namespace: 'shop'},
		cpuOfContainers: {},
		series: {requestRate: answers},
		latency: {
			bounds: [0.1, 0.2, 0.4, Number.POSITIVE_INFINITY],
			ratesUpTo: [part(0.5), part(0.9), part(1), part(1)],
			secondsRate: part(0.12),
		},
	})!;
	t.is(fit.latency!.atLowLoad.toFixed(3), '0.120');
	t.is(fit.latency!.p95.toFixed(3), '0.300');
	t.is(fit.latency!.answered, 1);
});
