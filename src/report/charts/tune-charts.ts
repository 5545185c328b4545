import type {Experiment} from '../../experiment/experiment.ts';
import type {CandidateFigureName} from '../../tune/figures.ts';
import {boundsKeptBy} from '../../tune/goal.ts';
import {formatKnobValue, type Value} from '../../tune/knob.ts';
import {knobsOf} from '../../tune/knobs.ts';
import type {LiveCheck} from '../../tune/live-check.ts';
import {objectiveKey, type Tuning, type ValueChange} from '../../tune/tuning.ts';
import {spreadOf} from '../live-report.ts';
import {formatDuration, formatNumber, significant as plain} from '../text/format.ts';
import {hourlyMoney, secondsLabel, wattHoursLabel} from './arm-charts.ts';
import {candidatesChart, type DrawnFigure, sensitivityChart} from './candidate-charts.ts';
import type {Chart} from './chart.ts';
import {tradeOffChart} from './trade-off-chart.ts';
import {candidateName, tunedTradeOffs} from './tuned-trade-offs.ts';

const energy: DrawnFigure = {title: 'Energy of the run [Wh]', unit: 'Wh', ...wattHoursLabel};
const latency: DrawnFigure = {title: 'Latency p95 [s]', unit: 's', ...secondsLabel};

function drawnAs(key: ReturnType<typeof objectiveKey>, {prices}: Experiment): DrawnFigure {
	return {costPerHour: hourlyMoney(prices.currency), energy, p95Seconds: latency}[key];
}

/** Name of the chart of cost against latency. */
export const frontName = 'front';

/** The charts of a tuning, those of its live check last. */
export function tuneCharts(experiment: Experiment, tuning: Tuning, live: LiveCheck | undefined): Chart[] {
	const {duration, seed} = experiment;
	const recommended = tuning.candidates[0]!;
	const of = `simulated, ${recommended.replications} replications of ${formatDuration(duration)}, seed ${seed}`;
	return [
		frontChart(experiment, tuning, of),
		objectiveChart(experiment, tuning, of),
		...settingsCharts(experiment, tuning),
		...(live === undefined ? [] : liveCharts(experiment, live)),
	];
}

function frontChart({prices, workload}: Experiment, {candidates, goal}: Tuning, of: string): Chart {
	const share = boundsKeptBy(goal);
	const heading = {
		name: frontName,
		title: 'Cost against latency',
		subtitle: [
			of,
			'full circles: no other is as cheap and as fast; bars: 95 % intervals',
			...(share === 'mean' ? [] : [`dashed: the p95 that ${formatNumber(100 * share)} % of single runs stay within`]),
		],
		description: 'Cost of an hour and 95th percentile of latency of the candidates that were reported',
	};
	return tradeOffChart(heading, tunedTradeOffs(candidates, workload.timeout), {
		bound: goal.constraints.find(({figure}) => figure === 'p95Seconds')?.bound,
		currency: prices.currency,
	});
}

function objectiveChart(experiment: Experiment, {candidates, goal, keepsBounds}: Tuning, of: string): Chart {
	const key = objectiveKey(goal);
	const named = candidates.filter((one, index) => index === 0 || one.present || one.default);
	const heading = {
		name: 'objective',
		title: keepsBounds ? 'The recommended setting and the present one' : 'The nearest setting and the present one',
		subtitle: [of, `objective with ${goal.constraints.map(({text}) => text).join(', ')}; bands: 95 % intervals`],
		description: 'The objective of the recommended and the present setting and of Kubernetes’ defaults',
	};
	const shown = named.map(one => ({
		name: one.recommended ? 'recommended' : one === candidates[0] && !one.present ? 'nearest' : candidateName(one),
		simulated: one[key],
		isRecommended: one.recommended,
	}));
	return candidatesChart(heading, shown, drawnAs(key, experiment));
}

/** Changes that are drawn at most. */
const mostChanges = 16;

/** None where no setting changes anything. */
function settingsCharts(experiment: Experiment, {sensitivity, goal}: Tuning): Chart[] {
	const key = objectiveKey(goal);
	const knobs = knobsOf(experiment);
	const shown = mostMattering(sensitivity);
	const changes = shown.flatMap(({setting, changes: own}) =>
		own.toSorted(byValue).map(({value, difference, meetsGoal}) => ({
			setting: shortSetting(setting),
			value: formatKnobValue(knobs.get(setting)!.unit, value),
			difference: difference[key],
			meetsGoal,
		})),
	);
	const others = sensitivity.length - shown.length;
	const heading = {
		name: 'sensitivity',
		title: 'How much each setting matters',
		subtitle: [
			'one setting at a time, all others as recommended; bands: 95 % intervals',
			`grey: misses a bound${others === 0 ? '' : `; settings that are not shown change less, or nothing`}`,
		],
		description: 'Change of the objective when one setting is changed',
	};
	const {title, ...figure} = drawnAs(key, experiment);
	return shown.length === 0 ? [] : [sensitivityChart(heading, changes, {...figure, title: `Change of ${title}`})];
}

/** Numbers first. */
function byValue({value: a}: ValueChange, {value: b}: ValueChange): number {
	const place = (value: Value) => (typeof value === 'number' ? value : Number.MAX_VALUE);
	return place(a) - place(b);
}

/** The first settings that change anything, with all their changes as far as there is room. */
function mostMattering(sensitivity: Tuning['sensitivity']): Tuning['sensitivity'] {
	const mattering = sensitivity.filter(({effect}) => effect > 0);
	const isWithin = (index: number) =>
		mattering.slice(0, index + 1).flatMap(({changes}) => changes).length <= mostChanges;
	return mattering.filter((_, index) => isWithin(index));
}

const words: readonly (readonly [string, string])[] = [
	['cpu.averageUtilization', 'CPU target'],
	['memory.averageUtilization', 'memory target'],
	['cpu.type', 'CPU of'],
	['memory.type', 'memory of'],
	['scaleUp.', 'up: '],
	['scaleDown.', 'down: '],
	['stabilizationWindowSeconds', 'window'],
	['periodSeconds', 'period'],
	['requests.', ''],
	['Replicas', ' pods'],
];

/** Short enough for an axis: `down: window`. */
function shortSetting(name: string): string {
	return words.reduce((text, [long, short]) => text.replace(long, short), name);
}

const figures: Readonly<Partial<Record<CandidateFigureName, DrawnFigure>>> = {
	energyWattHours: energy,
	p95Seconds: latency,
	sloMisses: {
		title: 'Requests that miss the SLO [%]',
		unit: '%',
		factor: 100,
		label: value => `${plain(value)} %`,
	},
};

function liveCharts({prices}: Experiment, {candidates, rankings, replications, repeats}: LiveCheck): Chart[] {
	return rankings.flatMap(({figure, tau, verdict}): Chart[] => {
		const shape = figure === 'costPerHour' ? hourlyMoney(prices.currency) : figures[figure];
		const heading = {
			name: `live-${figure}`,
			title: `${shape?.title.replace(/ \[.*/, '') ?? figure}, on a cluster`,
			subtitle: [
				`simulated ${replications} times, measured ${repeats === 1 ? 'once' : `${repeats} times`}; the same requests`,
				...(repeats === 1 ? [] : ['bands: 95 % intervals; measured: from the least repeat to the most']),
				`order ${verdict}${tau === null ? '' : `, Kendall’s τ ${plain(tau)} of ${candidates.length} points`}`,
			],
			description: 'A figure of the candidates that were replayed, simulated and measured',
		};
		const shown = candidates.map(one => ({
			name: one.role,
			simulated: one.simulated[figure] ?? {mean: null, low: null, high: null},
			measured: spreadOf(one, figure),
			isRecommended: one.role === 'recommended',
		}));
		return shape === undefined ? [] : [candidatesChart(heading, shown, shape)];
	});
}
