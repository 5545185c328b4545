import {join} from 'node:path';
import type {Chart} from '../report/charts/chart.ts';
import {type RunCharts, runCharts} from '../report/charts/run-charts.ts';
import {chartFiles} from '../report/drawing/chart-files.ts';
import {drawCharts} from '../report/drawing/draw-svg.ts';
import {pageFonts} from '../report/drawing/typeface.ts';
import {forecastReport} from '../report/forecast-report.ts';
import {reportPage} from '../report/pages/report-page.ts';
import {type Files, writeFiles} from '../store/disk/write-atomically.ts';

/** Pictures of an experiment's runs that are wanted, each alone, in a folder of the experiment below `folder`. */
export type WantedCharts = {readonly folder: string; readonly formats: readonly ChartFormat[]};

export type ChartFormat = 'svg' | 'png' | 'csv';

/** Page with charts of an experiment's runs, simulated or measured. */
export async function drawForecastPage(runs: RunCharts): Promise<string> {
	return reportPage({...forecastReport(runs), figures: await drawCharts(runCharts(runs))}, await pageFonts());
}

/** The charts of that page, a file of each in each format. */
export async function drawChartFiles(runs: RunCharts, {formats}: WantedCharts): Promise<Files> {
	return chartFiles(runCharts(runs), new Set(formats));
}

/** Writes charts of an experiment into its folder below the wanted one. @returns the folder */
export async function writeCharts(charts: readonly Chart[], name: string, wanted: WantedCharts): Promise<string> {
	const folder = join(wanted.folder, name);
	writeFiles(folder, await chartFiles(charts, new Set(wanted.formats)));
	return folder;
}
