import type {Colour} from '../report/charts/palette.ts';
import {plainNumber} from '../report/text/format.ts';
import type {Estimate} from '../statistics/estimate.ts';
import {
	framedPicture,
	lineFrom,
	type Picture,
	paint,
	round,
	type Scale,
	scaleFromZero,
	textElement,
	widthOf,
} from './picture.ts';

/** Estimates that belong together, such as those of one percentile. */
type EstimateGroup = {
	readonly name?: string;
	readonly rows: readonly EstimateLine[];
	/** A level that they are bounded by. */
	readonly bound?: number;
};

export type EstimateLine = {
	readonly name: string;
	readonly colour: Colour;
	readonly estimate: Estimate;
	/** Interval of one real run. */
	readonly predicted?: {readonly low: number; readonly high: number};
	readonly text: string;
};

type EstimatePictureOptions = {
	/** Outer [px]. */
	readonly width: number;
	readonly description: string;
	/** Below the axis. */
	readonly unit: string;
	/** Bars from 0, or dots alone. */
	readonly isBar: boolean;
};

const rowHeight = 22;
const [gap, top, bottom] = [10, 4, 30] as const;
/** A bound so much beyond the estimates would press them together. */
const farthest = 2.5;

/** Estimates with their intervals, one below the other. */
export function estimatePicture(groups: readonly EstimateGroup[], options: EstimatePictureOptions): Picture {
	const {width, description, unit, isBar} = options;
	const rows = groups.flatMap(group => group.rows);
	const nameWidth = Math.max(...rows.map(({name}) => widthOf(name))) + gap;
	const textWidth = Math.max(...rows.map(({text}) => widthOf(text))) + gap;
	const highest = Math.max(
		0,
		...rows.map(({estimate: {mean, high}, predicted}) => Math.max(high ?? mean ?? 0, predicted?.high ?? 0)),
	);
	const bounds = groups.flatMap(({bound}) => (bound !== undefined && bound <= farthest * highest ? [bound] : []));
	const count = Math.max(2, Math.min(5, Math.floor((width - nameWidth - textWidth) / 70)));
	const x = scaleFromZero(Math.max(highest, ...bounds), [nameWidth, width - textWidth], count);
	const lines = groups.flatMap(group => [...(group.name === undefined ? [] : [undefined]), ...group.rows]);
	const floor = top + lines.length * rowHeight;
	const marks: string[] = [];
	let y = top;
	for (const group of groups) {
		marks.push(...groupMarks(group, {x, y, width, isBar}));
		y += (group.rows.length + (group.name === undefined ? 0 : 1)) * rowHeight;
	}

	return framedPicture({width, height: floor + bottom}, description, [...axisMarks(x, floor, unit), ...marks]);
}

function axisMarks(x: Scale, floor: number, unit: string): string[] {
	return x.ticks.flatMap((tick, index) => [
		lineFrom([x.at(tick), top], [x.at(tick), floor], {colour: index === 0 ? 'rule' : 'grid'}),
		textElement(x.at(tick), floor + 16, `${plainNumber(tick)}${index === 0 ? ` ${unit}` : ''}`, {
			anchor: 'middle',
			colour: 'muted',
		}),
	]);
}

type Place = {readonly x: Scale; readonly y: number; readonly width: number; readonly isBar: boolean};

function groupMarks({name, rows, bound}: EstimateGroup, place: Place): string[] {
	const {x, width} = place;
	const first = place.y + (name === undefined ? 0 : rowHeight);
	const last = first + rows.length * rowHeight;
	return [
		...(name === undefined ? [] : [textElement(0, place.y + rowHeight / 2, name, {colour: 'muted'})]),
		...(bound === undefined || bound > x.high
			? []
			: [lineFrom([x.at(bound), first], [x.at(bound), last], {colour: 'claimed', width: 2, dash: '4 4'})]),
		...rows.flatMap((row, index) => rowMarks(row, {...place, y: first + (index + 0.5) * rowHeight, width})),
	];
}

function rowMarks(
	{name, colour, estimate: {mean, low, high}, predicted, text}: EstimateLine,
	{x, y, width, isBar}: Place,
): string[] {
	const mark =
		mean === null
			? []
			: [
					...(isBar
						? [
								`<rect x="${round(x.at(0))}" y="${y - 7}" width="${round(x.at(mean) - x.at(0))}" height="14" fill="${paint(colour)}"/>`,
							]
						: [`<circle cx="${round(x.at(mean))}" cy="${y}" r="5" fill="${paint(colour)}"/>`]),
					...(low === null || high === null
						? []
						: [lineFrom([x.at(low), y], [x.at(high), y], {colour: isBar ? 'ink' : colour, width: 2.5})]),
				];
	const reach =
		predicted === undefined
			? []
			: [lineFrom([x.at(predicted.low), y], [x.at(predicted.high), y], {colour: 'muted', width: 1})];
	return [
		textElement(0, y, name, {colour, isBold: true}),
		...mark,
		...reach,
		textElement(width, y, text, {anchor: 'end'}),
	];
}
