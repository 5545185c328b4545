// Prints two forecasts of an experiment side by side, in Markdown: node scripts/before-after.js BEFORE AFTER, each the
// summary.json of `replicast run`. The action of this repository writes it below a pull request.
import {readFileSync} from 'node:fs';
import process from 'node:process';

const [before, after] = process.argv.slice(2).map(path => JSON.parse(readFileSync(path, 'utf8')));
const digits = 3;
const none = '–';

const number = value => Number(value.toPrecision(digits)).toString();
const currency = ({economics}) => economics?.currency ?? '';
const money = forecast => value =>
	currency(forecast) === 'USD' ? `$${number(value)}` : `${number(value)} ${currency(forecast)}`;

/** Figures with what each is read from, and its unit. */
const figures = [
	{name: 'cost per hour', read: ({dynamic}) => dynamic.costPerHour, write: forecast => money(forecast)},
	{name: 'pods, mean', read: ({dynamic}) => dynamic.replicas, write: () => number},
	{name: 'pods, largest', read: ({dynamic}) => ({mean: dynamic.replicas?.max}), write: () => number},
	{name: 'latency p95', read: ({dynamic}) => dynamic.latencySeconds?.p95, write: () => value => `${number(value)} s`},
	{
		name: 'availability',
		read: ({dynamic}) => dynamic.availability,
		write: () => value => `${(100 * value).toFixed(2)} %`,
		isShare: true,
	},
];

const isKnown = estimate => typeof estimate?.mean === 'number';
const isApart = (a, b) => typeof a.low !== 'number' || typeof b.low !== 'number' || a.high < b.low || b.high < a.low;

/** Change of a figure: points of a share, else percent; nothing within what chance makes of the replications. */
function changeOf(a, b, isShare) {
	if (!isKnown(a) || !isKnown(b) || a.mean === b.mean) {
		return isKnown(a) && isKnown(b) ? 'none' : none;
	}

	if (!isApart(a, b)) {
		return 'within chance';
	}

	const change = isShare ? 100 * (b.mean - a.mean) : 100 * (b.mean / a.mean - 1);
	const sign = change > 0 ? '+' : '−';
	return Number.isFinite(change) ? `${sign}${number(Math.abs(change))} ${isShare ? 'points' : '%'}` : none;
}

/** Objective in words, with the figures that miss it. */
function objectiveOf({answer}) {
	const missed = (answer?.checks ?? []).filter(({isKept}) => !isKept).map(({figure}) => figure);
	return answer === undefined || answer.objective === 'none'
		? 'none set'
		: answer.objective === 'kept'
			? 'met'
			: `**missed**${missed.length > 0 ? `: ${missed.join(', ')}` : ''}`;
}

const objectives = [objectiveOf(before), objectiveOf(after)];
const rows = figures
	.map(({name, read, write, isShare}) => {
		const [a, b] = [read(before), read(after)];
		const cell = (estimate, forecast) => (isKnown(estimate) ? write(forecast)(estimate.mean) : none);
		return [name, cell(a, before), cell(b, after), changeOf(a, b, isShare)];
	})
	.filter(([, a, b]) => a !== none || b !== none);
const table = [
	['', 'before', 'after', 'change'],
	['---', '---', '---', '---'],
	['SLO', ...objectives, objectives[0] === objectives[1] ? 'none' : `${objectives.join(' → ')}`],
	...rows,
];
process.stdout.write(`## Before and after\n\n${table.map(row => `| ${row.join(' | ')} |`).join('\n')}\n`);
