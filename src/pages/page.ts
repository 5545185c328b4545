import {type Colour, coloursOf, type Scheme} from '../charts/palette.ts';
import {fontFamily, fontStack} from '../charts/theme.ts';
import {escapeHtml} from './escape-html.ts';

/** The typeface's two weights: TrueType in base64. */
export type PageFonts = {readonly regular: string; readonly semiBold: string};

export type PageParts = {
	readonly title: string;
	readonly fonts: PageFonts;
	/** Rules of this kind of page. */
	readonly style: string;
	readonly body: string;
	/** What the browser lets the page do, where it has a script. */
	readonly policy?: string;
};

/** A whole HTML page that loads nothing: typeface, rules and pictures are in it. It is dark where its reader wants that. */
export function page({title, fonts, style, body, policy}: PageParts): string {
	return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">${policy === undefined ? '' : `\n<meta http-equiv="Content-Security-Policy" content="${escapeHtml(policy)}">`}
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${escapeHtml(title)}</title>
<link rel="icon" href="data:,">
<style>
${fontFace(fonts.regular, 400)}
${fontFace(fonts.semiBold, 600)}
${variables('light')}
@media screen and (prefers-color-scheme: dark) {
${variables('dark')}
}
* { box-sizing: border-box; }
body { margin: 0; background: var(--paper); color: var(--ink); font-family: ${fontStack}; }
h1, h2, h3, th { font-weight: 600; }
svg { display: block; width: 100%; height: auto; }
table { border-collapse: collapse; }
${style}
</style>
</head>
<body>
${body}
</body>
</html>
`;
}

function fontFace(font: string, weight: number): string {
	return `@font-face { font-family: "${fontFamily}"; font-weight: ${weight}; src: url(data:font/ttf;base64,${font}); }`;
}

function variables(scheme: Scheme): string {
	const rules = Object.entries(coloursOf(scheme)).map(([name, hex]) => `${variableOf(name as Colour)}: ${hex};`);
	return `:root { ${rules.join(' ')} }`;
}

/** Name of the rule that holds a colour. */
export function variableOf(colour: Colour): string {
	return `--${colour}`;
}
