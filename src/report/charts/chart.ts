import {palette, theme} from './palette.ts';

/** A cell of a chart's data; null where there is nothing. */
export type Cell = string | number | null;

export type DataRow = Readonly<Record<string, Cell>>;

/** A Vega-Lite specification: plain JSON, its data in it, in the light colours. */
export type Specification = Readonly<Record<string, unknown>>;

/** A picture as plain values; it is drawn elsewhere. */
export type Chart = {
	/** Name of its files. */
	readonly name: string;
	readonly title: string;
	/** Description for readers who cannot see it. */
	readonly description: string;
	/** Data of the drawing, one row a thing. */
	readonly data: readonly DataRow[];
	/** Unit of each column that has one. */
	readonly units: Readonly<Record<string, string>>;
	readonly specification: Specification;
};

/** Heading of a chart, and the name of its files. */
export type Heading = {
	readonly name: string;
	readonly title: string;
	/** Lines below the title: what of, how many runs. */
	readonly subtitle: readonly string[];
	readonly description: string;
};

/** Outer size of a chart [px]; everything in it is as large as a reader two metres from a sheet of A0 needs. */
export const size = {width: 620, height: 460} as const;

/**
 * A specification of a single view in the theme.
 *
 * @param height - outer height [px]
 */
export function framed(heading: Heading, view: Specification, height: number = size.height): Specification {
	return {
		...head(heading),
		width: size.width,
		height,
		autosize: {type: 'fit', contains: 'padding'},
		...view,
	};
}

/** Height of a title with its subtitle, and of an axis with the space above it [px]. */
const headHeight = 95;
const axisHeight = 52;

/** Height of the plot of one of several views below each other [px]. */
export function panelHeight(count: number): number {
	return (size.height - headHeight) / count - axisHeight;
}

/** Several views below each other as one chart; each has its own data, named by `panel`. */
export function stacked(heading: Heading, charts: readonly Chart[]): Chart {
	const height = panelHeight(charts.length);
	return {
		name: heading.name,
		title: heading.title,
		description: heading.description,
		...joinedData(charts),
		specification: {
			...head(heading),
			spacing: 26,
			resolve: {scale: {color: 'independent', strokeDash: 'independent'}},
			vconcat: charts.map(({name, specification}) => ({
				name,
				...inner(specification),
				width: size.width - 190,
				height,
			})),
		},
	};
}

/** Data of several views; a column that has another unit elsewhere is named by its view, too. */
function joinedData(charts: readonly Chart[]): Pick<Chart, 'data' | 'units'> {
	const differs = (column: string) => new Set(charts.flatMap(({units}) => units[column] ?? [])).size > 1;
	const nameIn = (panel: string, column: string) => (differs(column) ? `${panel} ${column}` : column);
	const renamed = <Value>(panel: string, columns: Readonly<Record<string, Value>>) =>
		Object.fromEntries(Object.entries(columns).map(([column, value]) => [nameIn(panel, column), value]));
	return {
		data: charts.flatMap(({name, data}) => data.map(row => ({panel: name, ...renamed(name, row)}))),
		units: Object.assign({}, ...charts.map(({name, units}) => renamed(name, units))) as Chart['units'],
	};
}

function head({title, subtitle, description}: Omit<Heading, 'name'>): Specification {
	return {
		$schema: 'https://vega.github.io/schema/vega-lite/v6.json',
		description,
		title: {text: title, ...(subtitle.length > 0 && {subtitle: [...subtitle]})},
		config: theme,
	};
}

/** Specification of a framed view without its frame, for use inside another. */
function inner({$schema: _, config: __, autosize: ___, title: ____, ...view}: Specification): Specification {
	return view;
}

type TextLayer = Specification & {readonly mark: Specification; readonly encoding: Specification};

/** A layer of text twice: first as a rim in the colour of the paper, so that what lies below does not cross it. */
export function onPaper(layer: TextLayer): Specification[] {
	const {color: _, ...encoding} = layer.encoding;
	const rim = {...layer.mark, stroke: palette.paper, strokeWidth: 6, strokeJoin: 'round'};
	return [{...layer, encoding, mark: {...rim, color: palette.paper}}, layer];
}

type ChartSpreadOptions = {
	/** Least distance of two neighbours. */
	readonly gap: number;
	readonly low: number;
	readonly high: number;
};

/** Positions near the wanted ones, in the same order, so that labels there do not touch. */
export function spread(wanted: readonly number[], {gap, low, high}: ChartSpreadOptions): number[] {
	const order = wanted.map((_, index) => index).sort((a, b) => wanted[a]! - wanted[b]!);
	const placed = new Array<number>(wanted.length);
	let floor = low;
	for (const index of order) {
		placed[index] = Math.max(wanted[index]!, floor);
		floor = placed[index]! + gap;
	}

	let ceiling = high;
	for (const index of order.toReversed()) {
		placed[index] = Math.min(placed[index]!, ceiling);
		ceiling = placed[index]! - gap;
	}

	return placed;
}
