import type {MetricResult} from '../autoscaler/contracts.ts';
import {formatQuantityMilli} from '../autoscaler/quantity.ts';
import type {LintFinding, Rule} from '../lint/finding.ts';
import {objectWords} from '../lint/subject.ts';
import type {WitnessStep} from '../lint/witness/witness.ts';
import {onOneLine} from '../printable.ts';
import {counted} from '../statistics/format-number.ts';
import {type LintFindings, leftWords, lintPlace, loadWords, notesOf, shortNotes} from './lint/lint-notes.ts';
import {reportMarkdown, wrapWords} from './text/report.ts';

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
			...noteLines(note, width),
		]),
		'',
	]
		.map(line => inert(line))
		.join('\n');
}

/** A line that GitHub takes for no command of a workflow, even where a name begins it. */
function inert(line: string): string {
	return line.replace(/^(\s*)(?=::|##\[)/, '$1\\');
}

/** Document of findings in Markdown, ready to be a comment of a pull request. */
export function lintMarkdown(found: LintFindings): string {
	return reportMarkdown({
		title: 'Autoscalers',
		answer: answerOf(found),
		sections: [
			...found.findings.map(finding => ({
				heading: `${finding.severity}: ${finding.rule}`,
				lead: `${lintPlace(finding)}, ${objectWords(finding.object)}: ${finding.message} ${finding.fix}`,
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

/** Lines of a note; its command has a line of its own, whole, so that it can be copied. */
function noteLines(note: string, width: number): string[] {
	const [, text, command] = /^(.*: )((?:kubectl|helm) .*)$/s.exec(note) ?? [];
	return text === undefined || command === undefined
		? wrapWords('- ', note, width)
		: [...wrapWords('- ', text.trim(), width), `  ${onOneLine(command)}`];
}

function answerOf(found: LintFindings): string[] {
	return [...firstLines(found), ...loadWords(found)];
}

function firstLines({files, autoscalers, findings, notLookedAt}: LintFindings): string[] {
	const left = leftWords(notLookedAt);
	const scope = `${counted(autoscalers, 'autoscaler')} in ${counted(files, 'file')}${left === '' ? '' : `; ${left}`}`;
	if (autoscalers === 0) {
		return left === ''
			? [`No HorizontalPodAutoscaler and no ScaledObject in ${counted(files, 'file')}: nothing to look at.`]
			: [`No autoscaler was looked at: ${left}.`];
	}

	if (findings.length === 0) {
		return [`Nothing found in ${scope}.`];
	}

	const bySeverity = (['error', 'warning', 'info'] as const).flatMap(severity => {
		const count = findings.filter(finding => finding.severity === severity).length;
		return count === 0 ? [] : [counted(count, severity === 'info' ? 'remark' : severity)];
	});
	const [worst] = findings;
	return [`${bySeverity.join(', ')} in ${scope}.`, `First: ${lintPlace(worst!)}: ${worst!.message}`];
}

function findingLines(finding: LintFinding, {width, isFull}: TextOptions): string[] {
	const {severity, rule, object, message, fix, witness} = finding;
	return [
		...wrapWords('', `${lintPlace(finding)}: ${severity}, ${rule}: ${objectWords(object)}`, width),
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

/** The rules, each with what it finds and why that is a fault. */
export function rulesText(rules: readonly Omit<Rule, 'check'>[], width: number): string {
	return rules
		.flatMap(({id, severity, title, reason}) => [
			...wrapWords(`${id} (${severity}): `, title, width),
			...wrapWords('  ', reason, width),
		])
		.join('\n');
}
