import type {MetricResult} from '../autoscaler/contracts.ts';
import {formatQuantityMilli} from '../autoscaler/quantity.ts';
import type {LintFinding, Rule, Severity} from '../lint/finding.ts';
import {objectWords} from '../lint/subject.ts';
import type {Witness, WitnessStep} from '../lint/witness/witness.ts';
import {onOneLine} from '../printable.ts';
import {reportMarkdown, wrapWords} from './text/report.ts';

/** Findings as `lint` of the library returns them. */
export type LintFindings = {
	readonly files: number;
	readonly autoscalers: number;
	readonly findings: readonly LintFinding[];
	readonly suppressed: readonly LintFinding[];
	readonly withoutWorkload: readonly string[];
	readonly skipped: readonly {readonly file: string; readonly why: string}[];
};

type TextOptions = {readonly width: number; readonly isFull: boolean};

/** Steps of a witness that a short text shows. */
const fewSteps = 6;

/** Text of findings in lines of at most so many characters: the answer, then each finding with its witness. */
export function lintText(found: LintFindings, {width, isFull}: TextOptions): string {
	return [
		...answerOf(found).flatMap(line => wrapWords('', line, width)),
		...found.findings.flatMap(finding => ['', ...findingLines(finding, {width, isFull})]),
		...(isFull ? notesOf(found) : shortNotes(found)).flatMap((note, index) => [
			...(index === 0 ? [''] : []),
			...wrapWords('- ', note, width),
		]),
		'',
	].join('\n');
}

/** Document of findings in Markdown, ready to be a comment of a pull request. */
export function lintMarkdown(found: LintFindings): string {
	return reportMarkdown({
		title: 'Autoscalers',
		answer: answerOf(found),
		sections: [
			...found.findings.map(finding => ({
				heading: `${finding.severity}: ${finding.rule}`,
				lead: `${placeOf(finding)}, ${objectWords(finding.object)}: ${finding.message} ${finding.fix}`,
				...(finding.witness.timeline.length > 0 && {
					code: [
						`${finding.witness.load} (${finding.witness.from})`,
						...telling(finding.witness.timeline).map(step => onOneLine(stepText(step))),
					].join('\n'),
				}),
			})),
			{heading: '', notes: shortNotes(found)},
		],
	});
}

function answerOf({files, autoscalers, findings}: LintFindings): string[] {
	const scope = `${counted(autoscalers, 'autoscaler')} in ${counted(files, 'file')}`;
	if (autoscalers === 0) {
		return [`No HorizontalPodAutoscaler and no ScaledObject in ${counted(files, 'file')}: nothing to look at.`];
	}

	if (findings.length === 0) {
		return [`Nothing found in ${scope}.`];
	}

	const bySeverity = (['error', 'warning', 'info'] as const).flatMap(severity => {
		const count = findings.filter(finding => finding.severity === severity).length;
		return count === 0 ? [] : [counted(count, severity === 'info' ? 'remark' : severity)];
	});
	const [worst] = findings;
	return [`${bySeverity.join(', ')} in ${scope}.`, `First: ${placeOf(worst!)}: ${worst!.message}`];
}

function findingLines(finding: LintFinding, {width, isFull}: TextOptions): string[] {
	const {severity, rule, object, message, fix, witness} = finding;
	return [
		...wrapWords('', `${placeOf(finding)}: ${severity}, ${rule}: ${objectWords(object)}`, width),
		...wrapWords('  ', message, width),
		...(witness.timeline.length > 0 ? wrapWords('  Witness: ', `${witness.load} (${witness.from}).`, width) : []),
		...(isFull ? witness.timeline : telling(witness.timeline)).map(step =>
			onOneLine(`    ${stepText(step)}`).slice(0, width),
		),
		...wrapWords('  Change: ', fix, width),
	];
}

/** The first and the last step, and those at which something moves. */
function telling(steps: readonly WitnessStep[]): WitnessStep[] {
	const moving = steps.filter(
		({replicas, desired, remark}, index) =>
			index === 0 || index === steps.length - 1 || replicas !== desired || remark !== undefined,
	);
	return moving.length <= fewSteps ? moving : [...moving.slice(0, fewSteps - 1), moving.at(-1)!];
}

function stepText({at, replicas, desired, metrics, remark}: WitnessStep): string {
	const shown = metrics.map(metric => metricText(metric)).filter(text => text !== '');
	return [
		`${clock(at).padStart(6)}  ${counted(replicas, 'pod')}${desired === replicas ? '' : ` → ${desired}`}`,
		...shown,
		...(remark === undefined ? [] : [remark]),
	].join('  ');
}

function metricText({name, utilization, averageValueMilli, valueMilli, error}: MetricResult): string {
	if (error !== undefined) {
		return `${name}: ${error}`;
	}

	const value = averageValueMilli ?? valueMilli;
	return utilization !== undefined
		? `${name} ${utilization} %`
		: value === undefined
			? ''
			: `${name} ${formatQuantityMilli(Math.round(value))}`;
}

function clock(seconds: number): string {
	const whole = Math.round(seconds);
	return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, '0')}`;
}

function notesOf({suppressed, withoutWorkload, skipped}: LintFindings): string[] {
	return [
		...suppressed.map(finding => `Turned off by an annotation: ${finding.rule} ${placeOf(finding)}`),
		...withoutWorkload.map(
			words => `${words}: its workload is in none of the files, so its containers were not looked at.`,
		),
		...skipped.map(({file, why}) => `Passed over: ${file}: ${why}`),
	];
}

function shortNotes({suppressed, withoutWorkload, skipped}: LintFindings): string[] {
	return [
		...(suppressed.length > 0 ? [`${counted(suppressed.length, 'finding')} turned off by annotations.`] : []),
		...(withoutWorkload.length > 0
			? [
					`${counted(withoutWorkload.length, 'autoscaler')} without a workload in the files: containers were not looked at. The first: ${withoutWorkload[0]!}.`,
				]
			: []),
		...(skipped.length > 0
			? [`${counted(skipped.length, 'file')} passed over; the first, ${skipped[0]!.file}: ${skipped[0]!.why}`]
			: []),
	];
}

function placeOf({place: {file, line, column}}: Pick<LintFinding, 'place'>): string {
	return line === undefined ? file : `${file}:${line}:${column}`;
}

function counted(count: number, word: string): string {
	return `${count} ${word}${count === 1 ? '' : 's'}`;
}

/** Findings as one JSON document. */
export function lintJson({findings, suppressed, ...found}: LintFindings): string {
	return `${JSON.stringify({...found, findings: findings.map(plainFinding), suppressed: suppressed.map(plainFinding)}, undefined, 2)}\n`;
}

function plainFinding({rule, severity, object, place, message, fix, witness}: LintFinding) {
	const {kind, name, namespace} = object;
	return {
		rule,
		severity,
		...place,
		object: {kind, name, ...(namespace !== undefined && {namespace})},
		message,
		fix,
		witness: plainWitness(witness),
	};
}

function plainWitness({load, from, timeline, cases}: Witness) {
	return {load, from, timeline: timeline.map(({at, ...step}) => ({seconds: at, ...step})), cases};
}

const commands: Readonly<Record<Severity, string>> = {error: 'error', warning: 'warning', info: 'notice'};

/**
 * A workflow command of GitHub for each finding, which marks its line in a pull request.
 *
 * @see https://docs.github.com/actions/reference/workflow-commands-for-github-actions
 */
export function lintGithub({findings}: LintFindings): string {
	return findings
		.map(({severity, rule, place, message, fix}) => {
			const properties = [
				`file=${property(place.file)}`,
				...(place.line === undefined ? [] : [`line=${place.line}`, `col=${place.column ?? 1}`]),
				`title=${property(rule)}`,
			];
			return `::${commands[severity]} ${properties.join(',')}::${data(`${message} ${fix}`)}\n`;
		})
		.join('');
}

function data(text: string): string {
	return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

function property(text: string): string {
	return data(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}

const levels: Readonly<Record<Severity, string>> = {error: 'error', warning: 'warning', info: 'note'};

/** Findings in the Static Analysis Results Interchange Format, 2.1.0. */
export function lintSarif(
	{findings, suppressed}: LintFindings,
	{rules, version}: {readonly rules: readonly Omit<Rule, 'check'>[]; readonly version: string},
): string {
	const result = (finding: LintFinding, isSuppressed: boolean) => ({
		ruleId: finding.rule,
		ruleIndex: rules.findIndex(({id}) => id === finding.rule),
		level: levels[finding.severity],
		message: {text: `${finding.message} ${finding.fix}`},
		locations: [
			{
				physicalLocation: {
					artifactLocation: {uri: encodeURI(finding.place.file)},
					...(finding.place.line !== undefined && {
						region: {startLine: finding.place.line, startColumn: finding.place.column ?? 1},
					}),
				},
			},
		],
		...(isSuppressed && {suppressions: [{kind: 'inSource'}]}),
		properties: {witness: plainWitness(finding.witness)},
	});
	const log = {
		$schema: 'https://json.schemastore.org/sarif-2.1.0.json',
		version: '2.1.0',
		runs: [
			{
				tool: {
					driver: {
						name: 'replicast lint',
						semanticVersion: version,
						rules: rules.map(({id, severity, title, reason}) => ({
							id,
							shortDescription: {text: title},
							fullDescription: {text: reason},
							defaultConfiguration: {level: levels[severity]},
						})),
					},
				},
				columnKind: 'utf16CodeUnits',
				results: [
					...findings.map(finding => result(finding, false)),
					...suppressed.map(finding => result(finding, true)),
				],
			},
		],
	};
	return `${JSON.stringify(log, undefined, 2)}\n`;
}

/** The rules, each with what it finds and why that is a fault. */
export function rulesText(rules: readonly Omit<Rule, 'check'>[], width: number): string {
	return rules
		.flatMap(({id, severity, title, reason}) => [
			...wrapWords(`${id} (${severity}): `, title, width),
			...wrapWords('  ', reason, width),
		])
		.join('\n');
}
