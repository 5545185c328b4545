import type {Distress} from '../calibration/history/distress.ts';
import type {Identification} from '../calibration/history/identification.ts';
import type {LoadWitness} from '../calibration/history/load.ts';
import {shellWord} from '../printable.ts';
import {counted, formatDuration, formatNumber} from './text/format.ts';
import type {Report} from './text/report.ts';

/** Experiment that was learnt from a history: where it was written, what it was learnt from and what it rests on. */
export type Learned = {
	readonly folder: string;
	/** Path of the experiment's file. */
	readonly path: string;
	/** Source of the history in words. */
	readonly source: string;
	readonly workload: {readonly kind: string; readonly name: string; readonly namespace: string};
	/** Time that the experiment covers, RFC 3339. */
	readonly from: string;
	readonly until: string;
	readonly hours: number;
	readonly witness: LoadWitness;
	readonly kind: 'work' | 'time';
	/** Means over the time; null where nobody recorded them. */
	readonly recorded: {
		readonly replicas: number | null;
		readonly podHours: number | null;
		/** Mean of the witness, in its unit. */
		readonly perSecond: number | null;
	};
	readonly findings: readonly (Identification & {readonly name: string; readonly unit: string})[];
	/** Trouble that the recorded load carries, each with the begin of its longest time. */
	readonly distress: readonly (Distress & {readonly from: string})[];
	/** Answers for each request that came; null where either was not recorded. */
	readonly answered: number | null;
	/** Sentences on what the experiment assumes. */
	readonly assumed: readonly string[];
	/** Peculiarities of the history, in sentences. */
	readonly notes: readonly string[];
};

const witnessWords: Readonly<Record<LoadWitness, string>> = {
	requestRate: 'requests/s',
	outputTokenRate: 'tokens/s of answers, as requests were not recorded',
	cpu: 'cores of CPU, as neither requests nor tokens were recorded',
};

const distressWords: Readonly<Record<Distress['kind'], (amount: number) => string>> = {
	failed: amount => `${share(amount)} of requests failed`,
	throttled: amount => `CPU was throttled in ${share(amount)} of periods`,
	saturated: amount => `pods used ${share(amount)} of their CPU limit`,
	waiting: amount => `${formatNumber(amount, 1)} requests waited for each that ran`,
	'at-maximum': amount => `the autoscaler was at its maximum of ${formatNumber(amount, 0)} pods`,
	restarted: amount => `containers restarted, ${formatNumber(amount, 1)} times an hour`,
};

/** Report of `learn`: what was learnt and how far to trust it, what is not identifiable, the command to go on with. */
export function learnReport(learned: Learned): Report {
	const {workload, source, from, until, path, findings, assumed, notes, distress} = learned;
	const rows = findings.map(finding => [
		finding.name,
		valueText(finding),
		finding.isIdentified ? finding.from : finding.reason,
	]);
	return {
		title: `Learnt ${workload.kind} ${workload.namespace}/${workload.name}`,
		answer: [
			headline(learned),
			...trustLines(learned),
			`Next: replicast run ${shellWord(path)}`,
			`It shows first how far the simulator is off what was recorded; then replicast tune ${shellWord(path)} finds settings that would have done better.`,
		],
		scope: {line: `${from} to ${until}, from ${source}`, sentence: `${from} to ${until}, from ${source}.`},
		warnings: [...distressLines(learned)],
		assumptions: assumed,
		sections: [
			{
				heading: 'Learnt',
				rows: [['', '95 % interval', 'from, or why not'], ...rows],
				notes: distress.length === 0 ? [] : [],
			},
			...(notes.length === 0 ? [] : [{heading: 'Peculiarities of the history', notes}]),
		],
	};
}

function headline({recorded: {replicas, podHours, perSecond}, witness, hours, kind}: Learned): string {
	const pods =
		replicas === null || podHours === null
			? 'replicas not recorded'
			: `${formatNumber(replicas, 2)} pods in the mean · ${formatNumber(podHours, 1)} pod-hours`;
	const served = kind === 'work' ? '' : ' · served in a fixed time';
	return `Recorded in ${formatDuration(hours * 3600)}: ${formatNumber(perSecond ?? 0, 2)} ${witnessWords[witness]} · ${pods}${served}`;
}

function trustLines({findings}: Learned): string[] {
	const known = findings.filter(({isIdentified}) => isIdentified).map(({name}) => lower(name));
	const unknown = findings.filter(({isIdentified}) => !isIdentified).map(({name}) => lower(name));
	return [
		...(known.length === 0 ? [] : [`Identified: ${known.join(', ')}.`]),
		...(unknown.length === 0 ? [] : [`Not identifiable here: ${unknown.join(', ')}.`]),
	];
}

function lower(name: string): string {
	return name.startsWith('CPU') ? name : `${name.charAt(0).toLowerCase()}${name.slice(1)}`;
}

function valueText(finding: Learned['findings'][number]): string {
	if (!finding.isIdentified) {
		return 'not identifiable';
	}

	const {unit} = finding;
	const factor = unit === 'bytes' ? 1 / 2 ** 20 : 1;
	const shown = [finding.value, finding.low, finding.high].map(value => Number((value * factor).toPrecision(3)));
	const [value, low, high] = shown.map(number => formatNumber(number, decimals(number))) as [string, string, string];
	return `${value} ${unit === 'bytes' ? 'MiB' : unit} [${low}, ${high}]`;
}

function share(part: number): string {
	return `${formatNumber(100 * part, part < 0.1 ? 1 : 0)} %`;
}

function decimals(value: number): number {
	return value === 0 ? 0 : Math.max(0, 2 - Math.floor(Math.log10(Math.abs(value))));
}

function distressLines({distress, answered}: Learned): string[] {
	return [
		...distress.map(({kind, share: part, amount, from, longest}) => {
			const length = formatDuration(longest.to - longest.from);
			return `The recorded load carries trouble: ${share(part)} of the time ${distressWords[kind](amount)}, the longest for ${length} from ${from} on.`;
		}),
		...(answered !== null && answered < 0.98
			? [
					`${counted(Math.round(100 * answered), 'request')} of 100 were answered: the rest is load that the pods did not serve.`,
				]
			: []),
	];
}
