import {spread} from '../report/charts/chart.ts';
import type {LinePoint, LineSeries} from '../report/charts/line-chart.ts';
import {plainNumber, timeUnit} from '../report/text/format.ts';
import {
	fontSize,
	framedPicture,
	lineFrom,
	type Picture,
	paint,
	point,
	type Scale,
	scale,
	scaleFromZero,
	textElement,
	widthOf,
} from './picture.ts';

type LinePictureOptions = {
	/** Outer [px]. */
	readonly width: number;
	readonly height: number;
	/** [s] */
	readonly duration: number;
	readonly isStepped: boolean;
	readonly description: string;
	/** Columns [px] that names take right of the lines, where pictures below each other are to have one axis. */
	readonly nameWidth?: number;
};

const [left, top, bottom, gap] = [40, 10, 36, 8] as const;
const lineHeight = 16;

/** Lines over time with bands, each named at its end. */
export function linePicture(series: readonly LineSeries[], options: LinePictureOptions): Picture {
	const {width, height, duration, description} = options;
	const named = [...new Map(series.map(line => [line.name, line])).values()];
	const nameWidth = options.nameWidth ?? namesWidth(named);
	const highest = Math.max(
		0,
		...series.flatMap(({points}) => points.flatMap(({value, high}) => [value ?? 0, high ?? 0])),
	);
	const x = scale([0, duration], [left, width - nameWidth], Math.max(2, Math.min(6, Math.floor(width / 90))));
	const y = scaleFromZero(highest, [height - bottom, top], height > 150 ? 5 : 2);
	const axes = {x: inUnit(x, duration, width - nameWidth), y};
	return framedPicture({width, height}, description, [
		...axisMarks(axes, {bottom: height - bottom, right: width - nameWidth}, timeUnit(duration).symbol),
		...series.map(line => bandMark(line, axes, options)),
		...series.map(line => lineMark(line, axes, options)),
		...nameMarks(named, axes, width - nameWidth),
	]);
}

/** Width of the longest name beside the lines [px]. */
export function namesWidth(series: readonly Pick<LineSeries, 'name'>[]): number {
	return Math.max(0, ...series.map(({name}) => widthOf(name))) + gap;
}

type Axes = {readonly x: Scale; readonly y: Scale};

/** Seconds in, but ticks that are round in minutes or hours. */
function inUnit(x: Scale, duration: number, right: number): Scale {
	const {seconds} = timeUnit(duration);
	const inner = scale([0, duration / seconds], [left, right], Math.max(2, x.ticks.length));
	return {...x, ticks: inner.ticks.map(tick => tick * seconds)};
}

function axisMarks({x, y}: Axes, {bottom: floor, right}: {bottom: number; right: number}, unit: string): string[] {
	const {seconds} = timeUnit(x.high);
	return [
		...y.ticks.flatMap(tick => [
			lineFrom([left, y.at(tick)], [right, y.at(tick)], {colour: 'grid'}),
			textElement(left - gap, y.at(tick), plainNumber(tick), {anchor: 'end', colour: 'muted'}),
		]),
		lineFrom([left, floor], [right, floor], {colour: 'rule'}),
		...x.ticks.map((tick, index) =>
			textElement(x.at(tick), floor + lineHeight, `${plainNumber(tick / seconds)}${index === 0 ? ` ${unit}` : ''}`, {
				anchor: 'middle',
				colour: 'muted',
			}),
		),
	];
}

function lineMark({points, colour, isDashed}: LineSeries, axes: Axes, {isStepped}: LinePictureOptions): string {
	const known = points.flatMap(({at, value}) => (value === null ? [] : [[at, value] as const]));
	const dash = isDashed === true ? ' stroke-dasharray="7 6"' : '';
	return `<path d="${pathOf(known, axes, isStepped)}" stroke="${paint(colour)}" stroke-width="${colour === 'measured' ? 2 : 2.5}" stroke-linejoin="round"${dash}/>`;
}

function bandMark({points, colour}: LineSeries, axes: Axes, {isStepped}: LinePictureOptions): string {
	const within = points.filter(
		(one): one is LinePoint & {low: number; high: number} => one.low != null && one.high != null,
	);
	if (within.length === 0) {
		return '';
	}

	const upper = pathOf(
		within.map(({at, high}) => [at, high] as const),
		axes,
		isStepped,
	);
	const corners = stepped(
		within.map(({at, low}) => [at, low] as const),
		isStepped,
	);
	const lower = corners.toReversed().map(([at, low]) => `L${point([axes.x.at(at), axes.y.at(low)])}`);
	return `<path d="${upper}${lower.join('')}Z" fill="${paint(colour)}" opacity="0.2"/>`;
}

type Corner = readonly [at: number, value: number];

function pathOf(points: readonly Corner[], {x, y}: Axes, isStepped: boolean): string {
	return stepped(points, isStepped)
		.map(([at, value], index) => `${index === 0 ? 'M' : 'L'}${point([x.at(at), y.at(value)])}`)
		.join('');
}

/** The corners of a step function, or the points as they are. */
function stepped(points: readonly Corner[], isStepped: boolean): Corner[] {
	return points.flatMap((corner, index) => {
		const before = points[index - 1];
		return !isStepped || before === undefined || before[1] === corner[1] ? [corner] : [[corner[0], before[1]], corner];
	});
}

function nameMarks(named: readonly LineSeries[], {y}: Axes, right: number): string[] {
	const wanted = named.map(({points}) => y.at(points.findLast(({value}) => value !== null)?.value ?? 0));
	const places = spread(wanted, {gap: lineHeight, low: fontSize / 2, high: y.at(0)});
	return named.map(({name, colour}, index) => textElement(right + gap, places[index]!, name, {colour, isBold: true}));
}
