import type {Experiment} from '../../experiment/experiment.ts';
import type {Summary} from '../../forecast/summary.ts';
import {shellWord} from '../../printable.ts';
import type {RecordHead} from '../../records/record.ts';
import {counted, formatDuration, formatMean, formatNumber, percent, seconds, significant} from '../text/format.ts';

type Replayed = {
	readonly experiment: Experiment;
	/** File of the experiment. */
	readonly file: string;
	/** Folder of the records. */
	readonly folder: string;
	readonly records: readonly {readonly folder: string; readonly head: RecordHead}[];
	/** Summary of the valid records of the dynamic arm; undefined when there is none. */
	readonly summary: Summary | undefined;
};

/** Answer of a replay: what was measured, whether it may judge the forecast, where it is, and the next command. */
export function replayAnswer(replayed: Replayed): string[] {
	const {experiment, records, folder} = replayed;
	const valid = records.filter(({head}) => head.validity.valid);
	const runs = `${valid.length} of ${counted(records.length, `${records[0]?.head.engine ?? 'measured'} run`)} of ${formatDuration(experiment.duration)} ${valid.length === 1 ? 'is' : 'are'} valid`;
	return [
		`${valid.length === records.length && valid.length > 0 ? 'Valid' : valid.length === 0 ? 'NOT VALID' : 'Partly valid'}: ${runs}; the records are in ${folder}.`,
		...emulatedNotes(records),
		...measuredLine(replayed.summary, records[0]?.head.engine === 'emulated'),
		...records.flatMap(({folder: of, head: {validity}}) =>
			validity.valid ? [] : [`${of} may not judge the forecast: ${validity.reasons.join('; ')}.`],
		),
		...(valid.length === 0
			? ['Next: mend that and replay again; an invalid record is measured anew by the same command']
			: [`Next: replicast compare ${words(replayed).join(' ')}`]),
	];
}

/** Nodes of emulated runs, and what of them was real; the other notes of each are printed before it is measured. */
function emulatedNotes(records: Replayed['records']): string[] {
	const notes = records.flatMap(({head: {validity}}) => validity.notes ?? []);
	const [first] = notes.filter(note => note.startsWith('emulated: '));
	return first === undefined ? [] : [`${first.replace('emulated: ', 'Emulated: ')}.`];
}

function measuredLine(summary: Summary | undefined, isEmulated: boolean): string[] {
	if (summary === undefined) {
		return [];
	}

	const {latencySeconds, availability, replicas} = summary.dynamic;
	const parts = [
		...(latencySeconds.p95.mean === null ? [] : [`latency p95 ${formatMean(latencySeconds.p95.mean, seconds)}`]),
		...(availability.mean === null ? [] : [`availability ${formatMean(availability.mean, percent)}`]),
		...(replicas.mean === null
			? []
			: [`${significant(replicas.mean)} pods on average, ${formatNumber(replicas.max)} at most`]),
	];
	return parts.length === 0
		? []
		: [
				`${isEmulated ? 'With the real autoscaler, and latency as the simulator has it' : 'Measured with the autoscaler'}: ${parts.join(', ')}.`,
			];
}

/** The usual folder of records is looked through without being named. */
const usualFolder = /^reports[/\\]/;

function words({experiment: {profile}, file, folder}: Replayed): string[] {
	return [
		shellWord(file),
		...(profile === undefined ? [] : ['--profile', shellWord(profile)]),
		...(usualFolder.test(folder) ? [] : ['--reports', shellWord(folder)]),
	];
}
