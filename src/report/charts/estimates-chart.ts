import {largest} from '../../statistics/extremes.ts';
import {type Chart, type DataRow, framed, type Heading, onPaper, type Specification, size} from './chart.ts';
import {type Colour, palette} from './palette.ts';

/** Source of a number. */
export type Evidence = 'simulated' | 'measured' | 'claimed';

export type EstimateRow = {
	/** Rows that follow each other and share it are named once. */
	readonly category: string;
	readonly evidence: Evidence;
	readonly colour: Colour;
	readonly value: number;
	readonly low: number | null;
	readonly high: number | null;
	/** Interval of one real run. */
	readonly predicted?: {readonly low: number; readonly high: number};
	/** Distance from 0 that is tolerated. */
	readonly allowed?: number;
	/** Label beside it. */
	readonly label: string;
	/** Further columns of its data. */
	readonly also?: DataRow;
};

type EstimatesOptions = {
	/** Title of the axis with its unit, such as `Cost [$/h]`. */
	readonly title: string;
	readonly unit: string;
	/** Whether lengths from 0 are compared. */
	readonly hasStems: boolean;
	readonly references?: readonly {readonly value: number; readonly label: string}[];
};

/** Numbers side by side, each with its interval as a band. */
export function estimatesChart(heading: Heading, rows: readonly EstimateRow[], options: EstimatesOptions): Chart {
	const {title, unit, hasStems, references = []} = options;
	const hasAllowed = rows.some(({allowed}) => allowed !== undefined);
	const hasPredicted = rows.some(({predicted}) => predicted !== undefined);
	const data = dataOf(rows, {hasPredicted, hasAllowed});
	const isMixed = new Set(rows.map(({evidence}) => evidence)).size > 1;
	const values = rows.map(({category, colour, label, predicted, allowed = null, also, ...row}, index) => ({
		...row,
		...also,
		category,
		allowed,
		realLow: predicted?.low ?? null,
		realHigh: predicted?.high ?? null,
		colour: palette[colour],
		label: isMixed ? `${label} ${row.evidence}` : label,
		row: `${String(index).padStart(2, '0')}|${category === rows[index - 1]?.category ? '' : category}`,
		farthest: Math.max(
			row.value,
			row.high ?? row.value,
			predicted?.high ?? row.value,
			allowed ?? row.value,
			hasStems ? 0 : row.value,
		),
	}));
	const axis: Axis = {title, domain: domainOf(values, references), rows: values.map(({row}) => row)};
	return {
		name: heading.name,
		title: heading.title,
		description: heading.description,
		data,
		units: {
			value: unit,
			low: unit,
			high: unit,
			...(hasPredicted && {realLow: unit, realHigh: unit}),
			...(hasAllowed && {allowed: unit}),
		},
		specification: framed(
			heading,
			{
				data: {values},
				layer: [
					...(hasAllowed ? [allowedLayer(axis)] : []),
					...(references.length > 0 ? referenceLayers(references, axis) : []),
					...(hasStems ? [stemLayer(axis)] : []),
					...(rows.some(({low}) => low !== null) ? [bandLayer(axis)] : []),
					...(hasPredicted ? [realLayer(axis)] : []),
					pointLayer(axis),
					...labelLayers(axis),
				],
			},
			Math.max(size.height, headHeight + rows.length * rowHeight),
		),
	};
}

/** Data of a chart: a column that no row has is left out. */
function dataOf(
	rows: readonly EstimateRow[],
	{hasPredicted, hasAllowed}: {readonly hasPredicted: boolean; readonly hasAllowed: boolean},
): DataRow[] {
	return rows.map(({category, evidence, value, low, high, predicted, allowed = null, also}) => ({
		category,
		evidence,
		value,
		low,
		high,
		...(hasPredicted && {realLow: predicted?.low ?? null, realHigh: predicted?.high ?? null}),
		...(hasAllowed && {allowed}),
		...also,
	}));
}

/** The order is explicit: layers that leave rows out would else come first. */
const y = ({rows}: Axis) => ({
	field: 'row',
	type: 'nominal',
	scale: {domain: [...rows]},
	title: null,
	axis: {labelExpr: "split(datum.value, '|')[1]", grid: false},
});

type Axis = {readonly title: string; readonly domain: readonly [number, number]; readonly rows: readonly string[]};

const x = (field: string, {title, domain}: Axis) => ({
	field,
	type: 'quantitative',
	title,
	scale: {domain: [...domain], nice: false},
	// Above the paper below labels.
	axis: {zindex: 1},
});

/** Height of title and axis, and the least height of a row [px]. */
const headHeight = 160;
const rowHeight = 20;

/** Width of a sign of a label, on average [px]. */
const signWidth = 9.3;
/** From a point to its label [px]. */
const labelGap = 14;

/** Part of the width that a point at 0 needs to stand clear of its name. */
const zeroRoom = 0.025;

type Placed = Pick<EstimateRow, 'category' | 'value' | 'low' | 'label'> & {
	readonly allowed: number | null;
	readonly farthest: number;
};

/** From 0 or the least value to where the last label ends, and past every reference. */
function domainOf(rows: readonly Placed[], references: readonly {readonly value: number}[]): readonly [number, number] {
	const names = Math.max(0, ...rows.map(({category}) => category.length));
	const width = size.width - 40 - names * signWidth;
	const least = Math.min(0, ...rows.map(({value, low, allowed}) => Math.min(value, low ?? value, -(allowed ?? 0))));
	const ends = rows.map(({farthest, label}) => {
		const room = Math.max(width / 4, width - labelGap - label.length * signWidth);
		return ((farthest - least) * width) / room;
	});
	const end = Math.max(largest([...ends, ...references.map(({value}) => (value - least) * 1.04)]), Number.EPSILON);
	const hasZero = rows.some(({value}) => value === 0);
	return [least < 0 ? least * 1.04 : hasZero ? -zeroRoom * end : 0, least + end];
}

const own = {field: 'colour', type: 'nominal', scale: null} as const;

function allowedLayer(axis: Axis): Specification {
	return {
		transform: [{filter: 'isValid(datum.allowed)'}, {calculate: '-datum.allowed', as: 'least'}],
		mark: {type: 'bar', height: {band: 0.8}},
		encoding: {y: y(axis), x: x('least', axis), x2: {field: 'allowed'}, color: {value: palette.allowed}},
	};
}

function stemLayer(axis: Axis): Specification {
	return {
		transform: [{calculate: '0', as: 'zero'}],
		mark: {type: 'rule', strokeWidth: 3},
		encoding: {
			y: y(axis),
			x: x('zero', axis),
			x2: {field: 'value'},
			color: own,
			strokeDash: {condition: {test: "datum.evidence === 'claimed'", value: [3, 5]}, value: [1, 0]},
		},
	};
}

function bandLayer(axis: Axis): Specification {
	return {
		transform: [{filter: 'isValid(datum.low)'}],
		mark: {type: 'rule', strokeWidth: 13, opacity: 0.32},
		encoding: {y: y(axis), x: x('low', axis), x2: {field: 'high'}, color: own},
	};
}

function realLayer(axis: Axis): Specification {
	return {
		transform: [{filter: 'isValid(datum.realLow)'}],
		mark: {type: 'rule', strokeWidth: 2},
		encoding: {y: y(axis), x: x('realLow', axis), x2: {field: 'realHigh'}, color: own},
	};
}

function pointLayer(axis: Axis): Specification {
	return {
		mark: {type: 'point', size: 120, strokeWidth: 3, opacity: 1},
		encoding: {
			y: y(axis),
			x: x('value', axis),
			stroke: own,
			fill: {condition: {test: "datum.evidence === 'claimed'", value: palette.paper}, ...own},
			shape: {
				field: 'evidence',
				type: 'nominal',
				scale: {domain: ['simulated', 'measured', 'claimed'], range: ['circle', 'diamond', 'square']},
				legend: null,
			},
		},
	};
}

/** Labels on paper, for a reference may pass below them. */
function labelLayers(axis: Axis): Specification[] {
	return onPaper({
		mark: {type: 'text', align: 'left', baseline: 'middle', dx: labelGap},
		encoding: {y: y(axis), x: x('farthest', axis), text: {field: 'label'}},
	});
}

function referenceLayers(references: NonNullable<EstimatesOptions['references']>, axis: Axis): Specification[] {
	const data = {values: references};
	return [
		{
			data,
			mark: {type: 'rule', strokeDash: [3, 5]},
			encoding: {x: x('value', axis), color: {value: palette.claimed}},
		},
		{
			data,
			mark: {type: 'text', baseline: 'bottom', dy: -4, fontSize: 15, fontWeight: 400},
			encoding: {
				x: x('value', axis),
				y: {value: 0},
				text: {field: 'label'},
				color: {value: palette.muted},
			},
		},
	];
}
