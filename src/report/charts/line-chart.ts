import {largest} from '../../statistics/extremes.ts';
import {type Chart, type DataRow, framed, type Heading, onPaper, type Specification, size, spread} from './chart.ts';
import {type Colour, labelHeight, palette} from './palette.ts';

/** A point of a line, and the band round it. */
export type LinePoint = {
	readonly at: number;
	readonly value: number | null;
	readonly low?: number | null;
	readonly high?: number | null;
};

export type LineSeries = {
	/** Its label; several runs of one thing share it. */
	readonly name: string;
	readonly run?: string;
	readonly colour: Colour;
	readonly isDashed?: boolean;
	/** In the order of `at`. */
	readonly points: readonly LinePoint[];
};

export type LineAxis = {
	/** Column of the data. */
	readonly column: string;
	readonly title: string;
	readonly unit: string;
	/** Divisor of the column, where the axis shows another unit. */
	readonly divisor?: number;
	readonly domain?: readonly [number, number];
	readonly isWhole?: boolean;
	/** Marks on it, about. */
	readonly ticks?: number;
};

type LineChartOptions = {
	readonly x: LineAxis;
	readonly y: LineAxis;
	readonly interpolate: 'linear' | 'step-after';
	readonly hasPoints?: boolean;
	/** Height of the plot, where it is not a chart of its own [px]. */
	readonly height?: number;
	/** Levels that are aimed at or bounded by. */
	readonly references?: readonly LineReference[];
};

export type LineReference = {readonly value: number; readonly label: string; readonly colour: Colour};

/** Lines with bands over a common axis, each named at its end. */
export function lineChart(heading: Heading, series: readonly LineSeries[], options: LineChartOptions): Chart {
	const {x, y, references = []} = options;
	const data = series.flatMap(line => rowsOf(line, options));
	const named = [...new Map(series.map(line => [line.name, line])).values()];
	const highest = Math.max(
		...data.flatMap(row => [row[y.column], row['high']].filter(value => typeof value === 'number')),
		...references.map(({value}) => value),
	);
	const top = y.domain?.[1] ?? (y.isWhole === true ? highest + 0.5 : highest * 1.06);
	const view = {top, named, options};
	const singles = series.filter(({points: [first, ...rest]}) => rest.length === 0 && first?.low != null);
	return {
		name: heading.name,
		title: heading.title,
		description: heading.description,
		data,
		units: {[x.column]: x.unit, [y.column]: y.unit, low: y.unit, high: y.unit},
		specification: framed(heading, {
			data: {values: data},
			layer: [
				...(data.some(({low}) => low !== null) ? [bandLayer(view)] : []),
				...(references.length > 0 ? [referenceLayer(view)] : []),
				...(singles.length > 0 ? [intervalLayer(view, singles)] : []),
				lineLayer(view),
				...labelLayers(view, series),
			],
		}),
	};
}

/** Height of a chart less title and axis, about [px]. */
const plotHeight = size.height - 150;

type View = {readonly top: number; readonly named: readonly LineSeries[]; readonly options: LineChartOptions};

function rowsOf({name, run = name, points}: LineSeries, {x, y}: LineChartOptions): DataRow[] {
	return points.map(({at, value, low = null, high = null}) => ({
		[x.column]: at,
		series: name,
		run,
		[y.column]: value,
		low,
		high,
	}));
}

function bandLayer({top, named, options}: View): Specification {
	return {
		transform: [{filter: 'isValid(datum.low)'}, ...shownX(options)],
		mark: {type: 'area', interpolate: options.interpolate, opacity: 0.22},
		encoding: {
			x: xChannel(options),
			y: yChannel(options, 'low', top),
			y2: {field: 'high'},
			color: colourChannel(named),
			detail: {field: 'run'},
		},
	};
}

/** The intervals of single points, where an area has no width. */
function intervalLayer({top, named, options}: View, singles: readonly LineSeries[]): Specification {
	return {
		data: {values: singles.flatMap(line => rowsOf(line, options))},
		transform: shownX(options),
		mark: {type: 'rule', strokeWidth: 11, opacity: 0.22},
		encoding: {
			x: xChannel(options),
			y: yChannel(options, 'low', top),
			y2: {field: 'high'},
			color: colourChannel(named),
		},
	};
}

function lineLayer({top, named, options}: View): Specification {
	const mark = {type: 'line', interpolate: options.interpolate};
	return {
		transform: shownX(options),
		mark: options.hasPoints === true ? {...mark, point: {size: 90}} : mark,
		encoding: {
			x: xChannel(options),
			y: yChannel(options, options.y.column, top),
			color: colourChannel(named),
			strokeDash: {
				field: 'series',
				type: 'nominal',
				scale: {domain: named.map(({name}) => name), range: named.map(({isDashed}) => (isDashed ? [8, 7] : [1, 0]))},
				legend: null,
			},
			detail: {field: 'run'},
		},
	};
}

function referenceLayer({top, options}: View): Specification {
	const values = (options.references ?? []).map(({value, colour}) => ({value, colour: palette[colour]}));
	return {
		data: {values},
		mark: {type: 'rule', strokeDash: [3, 5]},
		encoding: {y: yChannel(options, 'value', top), color: {field: 'colour', type: 'nominal', scale: null}},
	};
}

type EndLabel = {readonly text: string; readonly value: number; readonly colour: string; readonly isName: boolean};

/** Names at the lines' ends and the words for levels, apart from each other. */
function labelLayers({top, named, options}: View, series: readonly LineSeries[]): Specification[] {
	const {x, y, references = [], height = plotHeight} = options;
	const low = y.domain?.[0] ?? 0;
	const last = largest(series.flatMap(({points}) => points.map(({at}) => at)));
	const labels: EndLabel[] = [
		...named.map(({name, colour, points}) => ({
			text: name,
			value: points.findLast(({value}) => value !== null)?.value ?? low,
			colour: palette[colour],
			isName: true,
		})),
		...references.map(({label, value, colour}) => ({text: label, value, colour: palette[colour], isName: false})),
	];
	const gap = ((top - low) * labelHeight) / height;
	const places = spread(
		labels.map(({value}) => value),
		{gap, low, high: top},
	);
	const values = labels.map((label, index) => ({...label, shown: last / (x.divisor ?? 1), place: places[index]}));
	return [true, false].flatMap(isName =>
		onPaper({
			data: {values: values.filter(value => value.isName === isName)},
			mark: {type: 'text', align: 'left', baseline: 'middle', dx: 8, ...(!isName && {fontWeight: 400, fontSize: 15})},
			encoding: {
				x: xChannel(options),
				y: yChannel(options, 'place', top),
				text: {field: 'text'},
				color: {field: 'colour', type: 'nominal', scale: null},
			},
		}),
	);
}

function shownX({x: {column, divisor = 1}}: LineChartOptions): Specification[] {
	return [{calculate: `datum['${column}'] / ${divisor}`, as: 'shown'}];
}

function xChannel({x: {title, domain, divisor = 1}}: LineChartOptions): Specification {
	return {
		field: 'shown',
		type: 'quantitative',
		title,
		scale: domain === undefined ? {zero: false, nice: true} : {domain: domain.map(end => end / divisor), nice: false},
	};
}

function yChannel({y: {title, domain, isWhole, ticks}}: LineChartOptions, field: string, top: number): Specification {
	return {
		field,
		type: 'quantitative',
		title,
		scale: {domain: [domain?.[0] ?? 0, top], nice: false},
		...(isWhole === true && {axis: {tickMinStep: 1, format: 'd'}}),
		...(ticks !== undefined && {axis: {tickCount: ticks}}),
	};
}

function colourChannel(named: readonly LineSeries[]): Specification {
	return {
		field: 'series',
		type: 'nominal',
		scale: {domain: named.map(({name}) => name), range: named.map(({colour}) => palette[colour])},
		legend: null,
	};
}
