import type {MetricAge} from '../../calibration/recordings/metric-age.ts';
import type {GivenSetting} from '../../calibration/recordings/parameter.ts';
import type {SettingEstimate} from '../../calibration/recordings/setting-estimate.ts';
import type {SyncPhase} from '../../calibration/recordings/sync-phase.ts';
import {shellWord} from '../../printable.ts';
import {counted, formatNumber} from '../text/format.ts';
import type {Report, ReportSection, Row} from '../text/report.ts';
import {intervalText, isUnknown, sentenceStart, valueText} from './fitted-facts.ts';

/** Fit of settings to recordings as its report needs it. */
export type ReportedFit = {
	readonly name: string;
	readonly recordings: readonly {readonly name: string; readonly phase?: SyncPhase}[];
	readonly estimates: readonly SettingEstimate[];
	readonly metricAge?: MetricAge;
	readonly given: readonly GivenSetting[];
	readonly replicaError: {readonly start: number; readonly fitted: number};
	readonly hasCpu: boolean;
	readonly written: string;
	readonly startFile: string;
};

/** Report of the hidden settings that recordings of an autoscaler show. */
export function fitReport(result: ReportedFit): Report {
	const {recordings, estimates, metricAge, given, hasCpu, startFile} = result;
	return {
		title: `Settings of ${result.name} from ${counted(recordings.length, 'recording')}`,
		answer: answerOf(result),
		lead: [
			`The fit began with ${startFile} and compared ${hasCpu ? 'replicas and CPU' : 'replicas'}. A value is possible as long as no test on the recordings shows it to be worse than the best; the start’s value stays where it is possible. Intervals hold as far as the settings that are not searched are right.`,
		],
		sections: [
			{
				heading: 'Settings',
				rows: [['Setting', 'Began with', 'Nearest', '95 % interval', 'In the file'], ...estimates.map(rowOf)],
				notes: [
					...(metricAge === undefined ? [] : [ageNote(metricAge)]),
					...given.map(({title, because}) => `${title} was not searched: ${because}.`),
				],
			},
			phaseSection(result),
		],
	};
}

function answerOf({estimates, recordings, replicaError, written, name}: ReportedFit): string[] {
	const changed = estimates.filter(({parameter, value}) => value !== parameter.start);
	const confirmed = estimates.filter(({parameter, value, isIdentified}) => isIdentified && value === parameter.start);
	const unknown = estimates.filter(isUnknown);
	const {start, fitted} = replicaError;
	return [
		changed.length === 0
			? 'The recordings do not speak against any of the settings that the fit began with.'
			: `Found: ${changed.map(estimate => lower(sentenceStart(estimate))).join('; ')}.`,
		...(changed.some(({isIdentified}) => !isIdentified)
			? [
					'The recordings speak against the settings that the fit began with taken together, but not against one of them alone: where others may make up for it, the value is one of several explanations.',
				]
			: []),
		...(confirmed.length === 0
			? []
			: [`Confirmed: ${confirmed.map(estimate => lower(sentenceStart(estimate))).join('; ')}.`]),
		...(unknown.length === 0
			? []
			: [
					`Not identifiable from these recordings, so left as it was: ${unknown.map(({parameter}) => parameter.title).join(', ')}.`,
				]),
		`The forecast is ${digits(fitted)} replicas off on these recordings; with the settings that the fit began with, ${digits(start)}.`,
		`Written: ${written}. It names the ${counted(recordings.length, 'recording')} of the fit, which cannot judge it.`,
		`Next: replicast validate --recordings DIR --set ${shellWord(name)} --settings ${shellWord(written)}, with recordings that the fit has not seen`,
	];
}

function rowOf(estimate: SettingEstimate): Row {
	const {parameter, found, value} = estimate;
	const interval = intervalText(estimate);
	return [
		parameter.title.replace(/^the /, ''),
		valueText(parameter, parameter.start),
		valueText(parameter, found),
		interval === '' ? 'no other' : interval.replace(/^or /, ''),
		valueText(parameter, value),
	];
}

/** Sentence on the age of the CPU metric, which no setting is. */
function ageNote({seconds, low, high, isIdentified}: MetricAge): string {
	const [age, from, to] = [seconds, low, high].map(value => formatNumber(value, 0));
	const interval = isIdentified ? (from === to ? '' : `, ${from} to ${to} s`) : ', not identifiable';
	return `The CPU that the autoscaler sees is ${age} s old on average${interval}. That follows from its source and the scrape period: half the window of the rate, and the waits for a reading and a scrape.`;
}

function phaseSection({recordings, estimates}: ReportedFit): ReportSection {
	const period = estimates.find(({parameter}) => parameter.key === 'syncPeriod')?.value ?? Number.NaN;
	return {
		heading: 'First look of the autoscaler after the load began',
		lead: `By the times of the recorded changes, with a period of ${formatNumber(period, 1)} s. It holds for that recording alone and is not in the file.`,
		rows: [
			['Recording', 'First look', '95 % interval'],
			...recordings.map(({name, phase}) =>
				phase === undefined
					? [name, '–', 'not identifiable']
					: [name, `${formatNumber(phase.seconds, 1)} s`, `± ${formatNumber(phase.margin, 1)} s`],
			),
		],
	};
}

function lower(text: string): string {
	return `${text[0]!.toLowerCase()}${text.slice(1)}`;
}

function digits(value: number): string {
	return formatNumber(value, 2);
}
