/** Roles of colours. A series has the same colour in every chart, on every page. */
export type Colour =
	| 'ink'
	| 'muted'
	| 'rule'
	| 'grid'
	| 'paper'
	| 'dynamic'
	| 'fixed'
	| 'measured'
	| 'claimed'
	| 'cpu'
	| 'memory'
	| 'noisy'
	| 'allowed';

export type Scheme = 'light' | 'dark';

/**
 * Colours that people with a colour-vision deficiency can distinguish, each at 3:1 or more against its paper. No two of one
 * scheme are the same text: a picture that was made in the light ones is recoloured by its text.
 *
 * @see Okabe and Ito, Color Universal Design, 2008 (dynamic, fixed); Tol, Colour Schemes, SRON/EPS/TN/09-002, muted (cpu, memory); Brewer,
 *   ColorBrewer, Dark2 (noisy)
 */
const colours: Readonly<Record<Scheme, Readonly<Record<Colour, string>>>> = {
	light: {
		ink: '#1d1d20',
		muted: '#55585f',
		rule: '#b4b8be',
		grid: '#e3e5e9',
		paper: '#ffffff',
		dynamic: '#0072b2',
		fixed: '#d55e00',
		measured: '#111113',
		claimed: '#7b7f86',
		cpu: '#117733',
		memory: '#882255',
		noisy: '#a6761d',
		allowed: '#dfe9dc',
	},
	dark: {
		ink: '#efeff2',
		muted: '#b3b7be',
		rule: '#5b5f67',
		grid: '#33363c',
		paper: '#16181b',
		dynamic: '#56b4e9',
		fixed: '#f5924b',
		measured: '#fafafb',
		claimed: '#9b9fa7',
		cpu: '#5cc588',
		memory: '#e08fb9',
		noisy: '#dba74a',
		allowed: '#2b3a2c',
	},
};

/** The light colours, in which every chart is specified. */
export const palette: Readonly<Record<Colour, string>> = colours.light;

export function coloursOf(scheme: Scheme): Readonly<Record<Colour, string>> {
	return colours[scheme];
}

const names = new Map(Object.entries(palette).map(([name, hex]) => [hex, name as Colour]));

/** A text (a specification, an SVG) with each light colour of the palette replaced. */
export function recoloured(text: string, replacement: (colour: Colour) => string): string {
	return text.replaceAll(/#[\da-f]{6}\b/g, hex => {
		const name = names.get(hex);
		return name === undefined ? hex : replacement(name);
	});
}

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
