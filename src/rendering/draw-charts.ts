import type {Chart} from '../charts/chart.ts';
import type {Drawn} from '../pages/figure.ts';
import {drawSvg} from './draw-svg.ts';

/** Every chart with its picture, in the order given. */
export async function drawCharts(charts: readonly Chart[]): Promise<Drawn[]> {
	const drawn: Drawn[] = [];
	for (const chart of charts) {
		drawn.push({chart, svg: await drawSvg(chart.specification)});
	}

	return drawn;
}
