import type {LintFinding} from '../../lint/finding.ts';
import type {NotLookedAt} from '../../lint/not-looked-at.ts';
import {objectWords} from '../../lint/subject.ts';
import {counted} from '../../statistics/format-number.ts';

/** Findings in manifests, as `lint` of the library returns them. */
export type LintFindings = {
	readonly files: number;
	/** Autoscalers that were looked at, if only in part. */
	readonly autoscalers: number;
	/** The worst first; of one severity in the order of the files. */
	readonly findings: readonly LintFinding[];
	/** Findings that an annotation turns off. */
	readonly suppressed: readonly LintFinding[];
	/** Autoscalers whose workload is in none of the files, in words. */
	readonly withoutWorkload: readonly string[];
	/** Autoscalers, charts and files that were not looked at, or not by every rule, and why. */
	readonly notLookedAt: readonly NotLookedAt[];
	/** Load under which autoscalers were judged, too; left out where no experiment is given. */
	readonly load?: {
		/** Name of the experiment. */
		readonly name: string;
		/** Autoscalers that it was taken for, in words. */
		readonly of: readonly string[];
		/** Whether the experiment does not say the workload, and the only autoscaler is taken. */
		readonly isAssumed: boolean;
	};
};

/** Sentence on the load of an experiment; none where no experiment is given. */
export function loadWords({load}: LintFindings): string[] {
	if (load === undefined) {
		return [];
	}

	const [only] = load.of;
	const of = load.of.length === 1 ? only! : counted(load.of.length, 'autoscaler');
	return [
		load.of.length === 0
			? `No autoscaler was tried under the load of ${load.name}.`
			: `Tried under the load of ${load.name}: ${of}${load.isAssumed ? ", the only one, which is taken for the experiment's" : ''}.`,
	];
}

/** `2 autoscalers and 1 chart not looked at, 1 autoscaler only in part`. */
export function leftWords(notLookedAt: readonly NotLookedAt[]): string {
	const count = (what: NotLookedAt['what']) => notLookedAt.filter(each => each.what === what).length;
	const inPart = new Set(
		notLookedAt.filter(({what}) => what === 'part').map(({place, object}) => JSON.stringify([place.file, object])),
	);
	const whole = [
		...(count('autoscaler') > 0 ? [counted(count('autoscaler'), 'autoscaler')] : []),
		...(count('chart') > 0 ? [counted(count('chart'), 'chart')] : []),
	];
	return [
		...(whole.length > 0 ? [`${whole.join(' and ')} not looked at`] : []),
		...(inPart.size > 0 ? [`${counted(inPart.size, 'autoscaler')} only in part`] : []),
	].join(', ');
}

/** Notes on everything that was not looked at or was turned off. */
export function notesOf({suppressed, withoutWorkload, notLookedAt}: LintFindings): string[] {
	return [
		...notLookedAt.map(note => leftText(note)),
		...suppressed.map(finding => `Turned off by an annotation: ${finding.rule} ${lintPlace(finding)}`),
		...withoutWorkload.map(
			words => `${words}: its workload is in none of the files, so its containers were not looked at.`,
		),
	];
}

/** Files that are no manifests are many and say little; what was not looked at is what a reader has to know. */
export function shortNotes({suppressed, withoutWorkload, notLookedAt}: LintFindings): string[] {
	const files = notLookedAt.filter(({what, command}) => what === 'file' && command === undefined);
	const others = notLookedAt.filter(note => !files.includes(note));
	return [
		...others.slice(0, fewNotes).map(note => leftText(note)),
		...(others.length > fewNotes
			? [`${others.length - fewNotes} more were not looked at, or only in part; --full names them.`]
			: []),
		...(suppressed.length > 0 ? [`${counted(suppressed.length, 'finding')} turned off by annotations.`] : []),
		...(withoutWorkload.length > 0
			? [
					`${counted(withoutWorkload.length, 'autoscaler')} without a workload in the files: containers were not looked at. The first: ${withoutWorkload[0]!}.`,
				]
			: []),
		...(files.length > 0
			? [`${counted(files.length, 'file')} passed over; the first, ${files[0]!.place.file}: ${files[0]!.why}`]
			: []),
	];
}

/** Notes on what was not looked at that a short text has. */
const fewNotes = 8;

/** Titles of notes, by what was not looked at. */
export const leftTitles: Readonly<Record<NotLookedAt['what'], string>> = {
	autoscaler: 'Not looked at',
	part: 'Looked at in part',
	chart: 'Not looked at',
	file: 'Passed over',
};

/** `Not looked at: k8s/hpa.yaml:3:1, HorizontalPodAutoscaler web: Reason: command`. */
function leftText(note: NotLookedAt): string {
	const {what, object} = note;
	return `${leftTitles[what]}: ${lintPlace(note)}${object === undefined ? '' : `, ${objectWords(object)}`}: ${leftReason(note)}`;
}

/** Reason, and the command that helps. */
export function leftReason({why, command}: NotLookedAt): string {
	return `${why}${command === undefined ? '.' : `: ${command}`}`;
}

/** `FILE:LINE:COLUMN`. */
export function lintPlace({place: {file, line, column}}: Pick<LintFinding, 'place'>): string {
	return line === undefined ? file : `${file}:${line}:${column ?? 1}`;
}
