import {mean} from 'simple-statistics';
import type {Experiment} from '../../experiment/experiment.ts';
import type {BackTest} from '../../forecast/prediction/back-test-form.ts';
import type {Summary} from '../../forecast/summary.ts';
import type {Timeline} from '../../records/replica-line.ts';
import {predictionInterval} from '../../statistics/prediction.ts';
import {errorOfLine, scoreRun} from './score-run.ts';
import {meanValue, type Window} from './sweep-lines.ts';

/** Tolerances of the verdict. */
const tolerances = {
	/** Error of the mean replicas, as a fraction, up to which a forecast is believed, and up to which its means are. */
	close: 0.05,
	means: 0.1,
	/** Distance over time, in pods or as a fraction of the mean, whichever is more. */
	pods: 0.5,
	fraction: 0.1,
};

/**
 * Scores a forecast against the replicas that the experiment says were recorded.
 *
 * @param lines - replicas of each simulated run, at least two
 * @returns undefined where nothing was recorded after the warm-up
 */
export function backTest(
	experiment: Pick<Experiment, 'recorded' | 'warmup' | 'duration' | 'prices'>,
	lines: readonly Timeline[],
	summary: Pick<Summary, 'dynamic'>,
): BackTest | undefined {
	const {recorded, warmup, duration} = experiment;
	const rows = (recorded ?? []).map(({at, desired, current}) => ({
		at,
		desired: Number.isNaN(desired) ? current : desired,
		current: Number.isNaN(current) ? desired : current,
	}));
	const windows = knownWindows(rows, {from: warmup, to: duration});
	const seconds = windows.reduce((sum, {from, to}) => sum + to - from, 0);
	if (seconds === 0 || lines.length < 2) {
		return undefined;
	}

	const lineOf = (read: (row: (typeof rows)[number]) => number): Timeline => rows.map(row => [row.at, read(row)]);
	const [wish, pods] = [lineOf(row => row.desired), lineOf(row => row.current)];
	const over = (read: (window: Window) => number) =>
		windows.reduce((sum, window) => sum + read(window) * (window.to - window.from), 0) / seconds;
	const scores = windows.map(window => ({window, score: scoreRun(lines, wish, window)}));
	const scored = (read: (score: ReturnType<typeof scoreRun>) => number) =>
		scores.reduce((sum, {window: {from, to}, score}) => sum + read(score) * (to - from), 0) / seconds;
	const means = lines.map(line => over(window => meanValue(line, window)));
	const replicas = over(window => meanValue(wish, window));
	const [simulated, constant] = [mean(means), Math.round(replicas)];
	const price = pricePerPod(experiment, summary);
	const interval = predictionInterval(means) ?? null;
	const existing = over(window => meanValue(pods, window));
	const figures = {
		replicaError: scored(({replicaError}) => replicaError),
		chanceError: scored(({chance}) => chance.replicaError),
		constantError: over(window => errorOfLine([[0, constant]], wish, window)),
		meanError: simulated / replicas - 1,
		coverage: scored(({coverage}) => coverage),
	};
	return {
		hours: seconds / 3600,
		knownShare: seconds / (duration - warmup),
		recorded: {replicas, podHours: (existing * seconds) / 3600, costPerHour: price && price * existing},
		forecast: {
			replicas: simulated,
			replicasInterval: interval,
			costPerHour: price && price * simulated,
			costInterval:
				price === null || interval === null ? null : {low: price * interval.low, high: price * interval.high},
		},
		...figures,
		runs: lines.length,
		verdict: verdictOf(figures, replicas),
	};
}

function verdictOf(
	{replicaError, meanError}: Pick<BackTest, 'replicaError' | 'meanError'>,
	replicas: number,
): BackTest['verdict'] {
	const {close, means, pods, fraction} = tolerances;
	if (Math.abs(meanError) <= close && replicaError <= Math.max(pods, fraction * replicas)) {
		return 'yes';
	}

	return Math.abs(meanError) <= means ? 'means' : 'no';
}

/** Spans of a window in which replicas are known. */
function knownWindows(rows: readonly {readonly at: number; readonly desired: number}[], {from, to}: Window): Window[] {
	const windows: {from: number; to: number}[] = [];
	for (const [index, {at, desired}] of rows.entries()) {
		const [begin, end] = [Math.max(from, at), Math.min(to, rows[index + 1]?.at ?? to)];
		if (Number.isNaN(desired) || end <= begin) {
			continue;
		}

		const last = windows.at(-1);
		if (last?.to === begin) {
			last.to = end;
		} else {
			windows.push({from: begin, to: end});
		}
	}

	return windows;
}

/** Price of a pod for an hour, as the simulated pods cost in the mean; null where nodes are what costs. */
function pricePerPod({prices}: Pick<Experiment, 'prices'>, {dynamic}: Pick<Summary, 'dynamic'>): number | null {
	const [cost, pods] = [dynamic.costPerHour.mean, dynamic.replicas.mean];
	const isPerPod = prices.kind === 'per-pod' || prices.kind === 'per-resource';
	return isPerPod && cost !== null && pods !== null && pods > 0 ? cost / pods : null;
}
