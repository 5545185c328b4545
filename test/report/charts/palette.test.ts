import test from 'ava';
import {type Colour, coloursOf, palette, recoloured, type Scheme} from '../../../src/report/charts/palette.ts';

const drawn: readonly Colour[] = ['ink', 'muted', 'dynamic', 'fixed', 'measured', 'claimed', 'cpu', 'memory', 'noisy'];

/** @see https://www.w3.org/TR/WCAG22/#dfn-relative-luminance */
function luminance(hex: string): number {
	const [red, green, blue] = [1, 3, 5]
		.map(at => Number.parseInt(hex.slice(at, at + 2), 16) / 255)
		.map(part => (part <= 0.040_45 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4));
	return 0.2126 * red! + 0.7152 * green! + 0.0722 * blue!;
}

function contrast(a: string, b: string): number {
	const [dark, light] = [luminance(a), luminance(b)].sort((first, second) => first - second);
	return (light! + 0.05) / (dark! + 0.05);
}

for (const scheme of ['light', 'dark'] as const satisfies readonly Scheme[]) {
	test(`what is drawn stands out from the ${scheme} paper`, t => {
		const colours = coloursOf(scheme);
		for (const name of drawn) {
			t.true(contrast(colours[name], colours.paper) >= 3, `${name} ${contrast(colours[name], colours.paper)}`);
		}

		t.is(new Set(Object.values(colours)).size, Object.keys(colours).length);
	});
}

test('every colour of a text is replaced, and nothing else', t => {
	const text = `fill="${palette.dynamic}" stroke="${palette.ink}" id="#123456"`;
	t.is(
		recoloured(text, name => `var(--${name})`),
		'fill="var(--dynamic)" stroke="var(--ink)" id="#123456"',
	);
});
