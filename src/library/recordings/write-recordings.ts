import {drawnRuns, recordingChart} from '../../report/recordings/recording-charts.ts';
import {recordingsFiles, type WrittenRecordings} from '../../report/recordings/recordings-files.ts';
import {type Files, writeFiles} from '../../store/disk/write-atomically.ts';

/** Writes the report on recordings into a folder: texts, and the charts as SVG and PNG. */
export async function writeRecordings(out: string, result: WrittenRecordings): Promise<void> {
	const charts = result.sets.flatMap(({runs}) => drawnRuns(runs).map(({place, run}) => recordingChart(run, place)));
	const {chartFiles} = await import('../../report/drawing/chart-files.ts'); // large, and for this alone
	const drawn: Files = await chartFiles(charts, new Set(['svg', 'png']));
	writeFiles(out, {...recordingsFiles(result), ...drawn});
}
