import {UserError} from '../../errors.ts';
import type {ChartFormat, WantedCharts} from '../../library/draw-forecast-page.ts';
import {oneText, severalOf} from './option-forms.ts';

const chartFormats = ['svg', 'png', 'csv'] as const;

/** Options of the commands that draw. */
export const chartOptions = {
	charts: {
		...oneText('charts'),
		describe: 'Folder for the charts, each alone, in a folder of its experiment',
	},
	'chart-format': {
		...severalOf('chart-format', chartFormats),
		defaultDescription: 'all',
		describe: 'Formats of --charts: csv has the data of a chart, units in its head',
	},
} as const;

/**
 * Charts that `--charts` and `--chart-format` ask for.
 *
 * @throws {UserError} E_USAGE for formats without a folder
 */
export function wantedCharts({
	charts: folder,
	'chart-format': formats,
}: {
	readonly charts: string | undefined;
	readonly 'chart-format': readonly ChartFormat[] | undefined;
}): WantedCharts | undefined {
	if (folder === undefined && formats !== undefined) {
		throw new UserError('E_USAGE', 'Expected --charts with a folder beside --chart-format, got --chart-format alone');
	}

	return folder === undefined ? undefined : {folder, formats: formats ?? chartFormats};
}
