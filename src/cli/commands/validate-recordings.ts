import process from 'node:process';
import {validateRecordings} from '../../library/recordings/validate-recordings.ts';
import {recordingsReport} from '../../report/recordings/recordings-report.ts';
import {oneText} from '../terminal/option-forms.ts';
import {print, printReport} from '../terminal/print.ts';
import {showProgress} from '../terminal/show-progress.ts';

/** Options of `validate` that need `--recordings`. */
export const recordingsOptions = {
	recordings: {
		...oneText('recordings'),
		describe: 'Folder of recordings of autoscalers, which are forecast instead',
	},
	settings: {
		...oneText('settings'),
		describe: 'With --recordings: settings of every set; by default those of the set’s name that are shipped',
	},
	set: {
		type: 'string',
		array: true,
		nargs: 1,
		default: [] as readonly string[],
		describe: 'With --recordings: a set that is forecast; all when left out',
	},
	ladder: {
		type: 'boolean',
		default: false,
		describe: 'With --recordings: also forecast without the facts that were fitted, with the first, with the first two',
	},
	json: {type: 'boolean', default: false, describe: 'With --recordings: print a JSON array with an object a set'},
} as const;

type RecordingsArguments = {
	readonly recordings: string;
	readonly settings?: string | undefined;
	readonly set: readonly string[];
	readonly ladder: boolean;
	readonly json: boolean;
	readonly replications?: number | undefined;
	readonly workers: number;
	readonly out?: string | undefined;
};

/** Forecasts recordings and prints how far the forecasts are from them. */
export async function printRecordings({
	recordings,
	settings,
	set,
	json,
	...others
}: RecordingsArguments): Promise<void> {
	const {ladder, replications, workers, out} = others;
	const {onProgress, stop} = showProgress(process.stderr, {interrupted: () => 'Interrupted: nothing was written'});
	const result = await validateRecordings(recordings, {
		...{workers, ladder, onProgress},
		...(settings !== undefined && {settings}),
		...(set.length > 0 && {sets: set}),
		...(replications !== undefined && {replications}),
		...(out !== undefined && {out}),
	}).finally(stop);
	if (json) {
		const scores = result.sets.map(set => set.scores);
		print(`${JSON.stringify(scores, null, '\t')}\n`);
	} else {
		printReport(recordingsReport(result), out === undefined ? '' : `Written to ${out}\n`);
	}
}
