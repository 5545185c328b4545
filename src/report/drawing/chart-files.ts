import type {Files} from '../../store/disk/write-atomically.ts';
import type {Chart} from '../charts/chart.ts';
import {csvOf} from '../charts/data-text.ts';
import {drawPng} from './draw-png.ts';
import {drawSvg} from './draw-svg.ts';

/** Width of a picture on paper [mm]: two columns of a journal. */
export const pictureWidth = 180;

/** Files of charts, each alone: `NAME.svg`, `NAME.png` and `NAME.csv`, as far as they are wanted. */
export async function chartFiles(charts: readonly Chart[], formats: ReadonlySet<string>): Promise<Files> {
	const files: Record<string, string | Uint8Array> = {};
	for (const chart of charts) {
		const svg = formats.has('svg') || formats.has('png') ? await drawSvg(chart.specification) : '';
		if (formats.has('svg')) {
			files[`${chart.name}.svg`] = svg;
		}

		if (formats.has('png')) {
			files[`${chart.name}.png`] = await drawPng(svg, {width: pictureWidth});
		}

		if (formats.has('csv')) {
			files[`${chart.name}.csv`] = csvOf(chart);
		}
	}

	return files;
}
