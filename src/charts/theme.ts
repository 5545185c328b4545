import {palette} from './palette.ts';

/** Family of the typeface that comes with the package, and what stands in for it where that is not at hand. */
export const fontFamily = 'IBM Plex Sans';
export const fontStack = `${fontFamily}, Helvetica, Arial, sans-serif`;

const labelSize = 17;

/** The one look of all charts, as a Vega-Lite `config`. */
export const theme = {
	background: palette.paper,
	font: fontStack,
	padding: 10,
	aria: false,
	view: {stroke: null},
	title: {
		anchor: 'start',
		color: palette.ink,
		fontSize: 24,
		fontWeight: 600,
		subtitleColor: palette.muted,
		subtitleFontSize: 15,
		subtitleLineHeight: 20,
		subtitlePadding: 6,
		offset: 18,
	},
	axis: {
		labelColor: palette.ink,
		labelFontSize: labelSize,
		labelPadding: 6,
		labelLimit: 240,
		titleColor: palette.muted,
		titleFontSize: labelSize,
		titleFontWeight: 400,
		titlePadding: 10,
		domainColor: palette.rule,
		tickColor: palette.rule,
		gridColor: palette.grid,
		gridWidth: 1.5,
	},
	axisX: {grid: false, tickCount: 5, labelOverlap: 'greedy', labelSeparation: 10},
	axisY: {domain: false, ticks: false, tickCount: 5},
	line: {strokeWidth: 3.5, strokeJoin: 'round', strokeCap: 'round'},
	rule: {strokeWidth: 2},
	text: {color: palette.ink, fontSize: labelSize, fontWeight: 600},
} as const;

/** Height of a line of labels [px]. */
export const labelHeight = 21;
