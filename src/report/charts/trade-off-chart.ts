import {currencySign} from '../../experiment/currency.ts';
import type {Estimate} from '../../statistics/estimate.ts';
import {largest, smallest} from '../../statistics/extremes.ts';
import {formatGiven, seconds} from '../text/format.ts';
import {type Chart, type DataRow, framed, type Heading, onPaper, type Specification, size, spread} from './chart.ts';
import {labelHeight, palette} from './palette.ts';

/** Settings of the autoscaler as `replicast tune` reports them. */
export type TradeOff = {
	readonly name: string;
	readonly costPerHour: Estimate;
	readonly p95Seconds: Estimate;
	/** Whether no other one is as good in everything. */
	readonly onFront: boolean;
	/** Latency p95 that as many runs keep as are to keep the bounds, and whether no other one is as good in it and in cost. */
	readonly inShare?: {readonly p95Seconds: number; readonly onFront: boolean};
	/** Whether it is the experiment's own. */
	readonly present: boolean;
	readonly recommended?: boolean;
	/** Whether the clients' timeout cuts its latency off: it is at least that. */
	readonly isCutOff?: boolean;
};

type Point = DataRow & {
	readonly name: string;
	readonly costPerHour: number;
	readonly p95Seconds: number;
	readonly onFront: string;
	readonly p95InShare?: number;
	readonly cutOff?: string;
};

/** Cost against latency, with the settings that nothing beats joined by a line. */
export function tradeOffChart(
	heading: Heading,
	tradeOffs: readonly TradeOff[],
	{bound, currency}: {readonly bound: number | undefined; readonly currency: string},
): Chart {
	const unit = `${currencySign(currency)}/h`;
	// Among equal points the one of the front is drawn over the others.
	const data = tradeOffs.flatMap(pointOf).sort((a, b) => Number(a.onFront === 'yes') - Number(b.onFront === 'yes'));
	const named = namedOf(data);
	const scales = scalesOf(data, {bound, named, unit});
	return {
		name: heading.name,
		title: heading.title,
		description: heading.description,
		data,
		units: {
			...{costPerHour: unit, costLow: unit, costHigh: unit, p95Seconds: 's', p95Low: 's', p95High: 's'},
			...(data.some(({p95InShare}) => p95InShare !== undefined) && {p95InShare: 's'}),
		},
		specification: framed(cutHeading(heading, data), {
			data: {values: data},
			layer: [
				...(bound === undefined ? [] : boundLayers(bound, scales)),
				intervalLayer(scales, {x: ['costLow', 'costHigh'], y: ['p95Seconds']}),
				intervalLayer(scales, {x: ['costPerHour'], y: ['p95Low', 'p95High']}),
				frontLayer(scales),
				...shareLayers(data, scales),
				pointLayer(scales),
				...nameLayers(named, scales),
			],
		}),
	};
}

/** The heading, with a line on the triangles where there are any. */
function cutHeading(heading: Heading, points: readonly Point[]): Heading {
	return points.every(({cutOff}) => cutOff === undefined)
		? heading
		: {
				...heading,
				subtitle: [...heading.subtitle, 'triangles: the timeout cuts the latency off, which is at least that'],
			};
}

function pointOf(tradeOff: TradeOff): Point[] {
	const {name, costPerHour, p95Seconds, onFront, inShare, present, recommended = false, isCutOff = false} = tradeOff;
	if (costPerHour.mean === null || p95Seconds.mean === null) {
		return [];
	}

	return [
		{
			name: labelOf(name, present ? 'present' : recommended ? 'recommended' : ''),
			costPerHour: costPerHour.mean,
			costLow: costPerHour.low,
			costHigh: costPerHour.high,
			p95Seconds: p95Seconds.mean,
			p95Low: p95Seconds.low,
			p95High: p95Seconds.high,
			onFront: onFront ? 'yes' : 'no',
			...(inShare !== undefined && {
				p95InShare: inShare.p95Seconds,
				onFrontInShare: inShare.onFront ? 'yes' : 'no',
			}),
			standing: present ? 'present' : recommended ? 'recommended' : 'other',
			...(isCutOff && {cutOff: 'yes'}),
		},
	];
}

function labelOf(name: string, standing: string): string {
	return standing === '' || standing === name ? name : `${name}, ${standing}`;
}

/** The ends of the front, the present and the recommended setting: more names would cover each other. */
function namedOf(points: readonly Point[]): Point[] {
	const front = points.filter(({onFront}) => onFront === 'yes').sort((a, b) => a.costPerHour - b.costPerHour);
	const known = points.filter(({standing}) => standing !== 'other');
	return [...new Set([...front.slice(0, 1), ...front.slice(-1), ...known])];
}

/** Ends of both axes. */
type Scales = {
	readonly top: number;
	readonly costs: {readonly domain: readonly [number, number]; readonly unit: string};
};

/** Width of the plot, about, and of a sign of a name, on average [px]. */
const plotWidth = size.width - 90;
const signWidth = 9.3;

function scalesOf(
	points: readonly Point[],
	{bound, named, unit}: {bound: number | undefined; named: readonly Point[]; unit: string},
): Scales {
	const latencies = points.flatMap(({p95Seconds, p95High, p95InShare}) => [
		...[p95Seconds, Number(p95High ?? p95Seconds)],
		p95InShare ?? p95Seconds,
	]);
	const costs = points.flatMap(({costPerHour, costLow, costHigh}) =>
		[costLow, costPerHour, costHigh].flatMap(cost => (typeof cost === 'number' ? [cost] : [])),
	);
	const [least, most] = [smallest(costs), largest(costs)];
	const span = Math.max(most - least, most / 20);
	const right = most + 0.04 * span;
	const lefts = named.map(point => {
		const share = Math.min(0.8, nameWidth(point) / plotWidth);
		return (point.costPerHour - share * right) / (1 - share);
	});
	return {
		top: Math.max(largest(latencies), bound ?? 0) * 1.05,
		costs: {domain: [Math.max(0, Math.min(least - 0.04 * span, ...lefts)), right], unit},
	};
}

/** With its distance from the point [px]. */
function nameWidth({name}: Point): number {
	return (name.length + 2) * signWidth;
}

const x = ({domain, unit}: Scales['costs'], field = 'costPerHour'): Specification => ({
	field,
	type: 'quantitative',
	title: `Cost [${unit}]`,
	scale: {domain: [...domain], nice: false},
});

const y = (top: number, field = 'p95Seconds'): Specification => ({
	field,
	type: 'quantitative',
	title: 'Latency p95 [s]',
	scale: {domain: [0, top], nice: false},
});

type Span = {readonly x: readonly [string, string?]; readonly y: readonly [string, string?]};

function intervalLayer({top, costs}: Scales, {x: [left, right], y: [bottom, above]}: Span): Specification {
	return {
		transform: [{filter: `isValid(datum.${left}) && isValid(datum.${bottom})`}],
		mark: {type: 'rule', strokeWidth: 6, opacity: 0.25},
		encoding: {
			x: x(costs, left),
			...(right !== undefined && {x2: {field: right}}),
			y: y(top, bottom),
			...(above !== undefined && {y2: {field: above}}),
			color: {value: palette.dynamic},
		},
	};
}

function frontLayer({top, costs}: Scales): Specification {
	return {
		transform: [{filter: "datum.onFront === 'yes'"}],
		mark: {type: 'line', strokeWidth: 2.5},
		encoding: {x: x(costs), y: y(top), color: {value: palette.dynamic}},
	};
}

/** The front of what the runs keep in as large a share as they are to: dashed, beside the one of the means. */
function shareLayers(points: readonly Point[], {top, costs}: Scales): Specification[] {
	if (points.every(({p95InShare}) => p95InShare === undefined)) {
		return [];
	}

	const transform = [{filter: "datum.onFrontInShare === 'yes'"}];
	const encoding = {x: x(costs), y: y(top, 'p95InShare'), color: {value: palette.ink}};
	return [
		{transform, mark: {type: 'line', strokeWidth: 2, strokeDash: [7, 5]}, encoding},
		{transform, mark: {type: 'point', shape: 'diamond', filled: true, size: 70, opacity: 1}, encoding},
	];
}

function pointLayer({top, costs}: Scales): Specification {
	return {
		mark: {type: 'point', size: 140, strokeWidth: 3, opacity: 1},
		encoding: {
			x: x(costs),
			y: y(top),
			stroke: {value: palette.dynamic},
			shape: {condition: {test: "datum.cutOff === 'yes'", value: 'triangle-up'}, value: 'circle'},
			fill: {condition: {test: "datum.onFront === 'yes'", value: palette.dynamic}, value: palette.paper},
		},
	};
}

/** From a point down to a name at its left [px]. */
const below = 24;

/** Names on paper and apart from each other: below the points and to their left, where nothing of a front lies, else right. */
function nameLayers(named: readonly Point[], {top, costs}: Scales): Specification[] {
	const pixel = top / (size.height - 150);
	const [least, most] = costs.domain;
	const fitsLeft = (point: Point) => nameWidth(point) <= ((point.costPerHour - least) / (most - least)) * plotWidth + 1;
	return [true, false].flatMap(isLeft => {
		const own = named.filter(point => fitsLeft(point) === isLeft);
		const places = spread(
			own.map(({p95Seconds}) => p95Seconds),
			{gap: labelHeight * pixel, low: (labelHeight / 2 + (isLeft ? below : 0)) * pixel, high: top},
		);
		return onPaper({
			mark: {
				type: 'text',
				baseline: 'middle',
				...(isLeft ? {align: 'right', dx: -10, dy: below} : {align: 'left', dx: 14}),
			},
			data: {values: own.map(({name, costPerHour}, index) => ({name, costPerHour, place: places[index]}))},
			encoding: {x: x(costs), y: y(top, 'place'), text: {field: 'name'}},
		});
	});
}

function boundLayers(bound: number, {top}: Scales): Specification[] {
	const data = {values: [{bound, label: `SLO ${formatGiven(bound, seconds)}`}]};
	return [
		{data, mark: {type: 'rule', strokeDash: [3, 5]}, encoding: {y: y(top, 'bound'), color: {value: palette.claimed}}},
		{
			data,
			mark: {type: 'text', align: 'right', baseline: 'bottom', dy: -4, fontSize: 15, fontWeight: 400},
			encoding: {
				x: {value: 'width'},
				y: y(top, 'bound'),
				text: {field: 'label'},
				color: {value: palette.muted},
			},
		},
	];
}
