import test from 'ava';
import {drawPng} from '../../../src/report/drawing/draw-png.ts';

const svg = (text: string) =>
	`<svg xmlns="http://www.w3.org/2000/svg" width="100" height="50" viewBox="0 0 100 50"><rect width="100" height="50" fill="#ffffff"/><text x="5" y="30" font-family="Nowhere, sans-serif" font-size="20">${text}</text></svg>`;

test('a picture is as wide on paper as was asked, at 300 dots an inch', async t => {
	const png = Buffer.from(await drawPng(svg('a'), {width: 25.4}));
	t.is(png.toString('latin1', 12, 16), 'IHDR');
	t.is(png.readUInt32BE(16), 300);
	t.is(png.readUInt32BE(20), 150);
	t.is(png.toString('latin1', 37, 41), 'pHYs');
	t.is(png.readUInt32BE(41), 11_811);
	t.is(png.readUInt32BE(45), 11_811);
	t.is(png.readUInt8(49), 1);
	t.is(png.toString('latin1', png.length - 8, png.length - 4), 'IEND');
});

test('texts are drawn with the typeface that comes along, signs beyond Latin too', async t => {
	const [empty, letter, arrow, bound] = await Promise.all(
		['', 'a', '→', '≤'].map(async text => Buffer.from(await drawPng(svg(text), {width: 25.4})).toString('base64')),
	);
	t.is(new Set([empty, letter, arrow, bound]).size, 4);
});
