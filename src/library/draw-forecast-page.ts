import {type RunCharts, runCharts} from '../report/charts/run-charts.ts';
import {drawCharts} from '../report/drawing/draw-svg.ts';
import {pageFonts} from '../report/drawing/typeface.ts';
import {forecastReport} from '../report/forecast-report.ts';
import {reportPage} from '../report/pages/report-page.ts';

/** Page with charts of an experiment's runs, simulated or measured. */
export async function drawForecastPage(runs: RunCharts): Promise<string> {
	return reportPage({...forecastReport(runs), figures: await drawCharts(runCharts(runs))}, await pageFonts());
}
