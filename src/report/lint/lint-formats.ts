import type {LintFinding, Rule, Severity} from '../../lint/finding.ts';
import type {Witness} from '../../lint/witness/witness.ts';
import {printable} from '../../printable.ts';
import {type LintFindings, leftReason, leftTitles} from './lint-notes.ts';

/** Findings as one JSON document. */
export function lintJson({findings, suppressed, notLookedAt, ...found}: LintFindings): string {
	const plain = {
		...found,
		findings: findings.map(plainFinding),
		suppressed: suppressed.map(plainFinding),
		notLookedAt: notLookedAt.map(({place, ...note}) => ({...place, ...note})),
	};
	return printable(`${JSON.stringify(plain, undefined, 2)}\n`);
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
 * A workflow command of GitHub for each finding and each autoscaler that was not looked at, which marks its line in a pull request.
 *
 * @see https://docs.github.com/actions/reference/workflow-commands-for-github-actions
 */
export function lintGithub({findings, notLookedAt}: LintFindings): string {
	return [
		...findings.map(({severity, rule, place, message, fix}) =>
			workflowCommand(commands[severity], {place, title: rule, text: `${message} ${fix}`}),
		),
		...notLookedAt
			.filter(({what}) => what !== 'file')
			.map(note =>
				workflowCommand('notice', {place: note.place, title: leftTitles[note.what], text: leftReason(note)}),
			),
	].join('');
}

function workflowCommand(
	command: string,
	{place, title, text}: {readonly place: LintFinding['place']; readonly title: string; readonly text: string},
): string {
	const properties = [
		`file=${property(place.file)}`,
		...(place.line === undefined ? [] : [`line=${place.line}`, `col=${place.column ?? 1}`]),
		`title=${property(title)}`,
	];
	return `::${command} ${properties.join(',')}::${data(text)}\n`;
}

function data(text: string): string {
	return printable(text).replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

function property(text: string): string {
	return data(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}

const levels: Readonly<Record<Severity, string>> = {error: 'error', warning: 'warning', info: 'note'};

/** Findings in the Static Analysis Results Interchange Format, 2.1.0. */
export function lintSarif(
	{findings, suppressed, notLookedAt}: LintFindings,
	{rules, version}: {readonly rules: readonly Omit<Rule, 'check'>[]; readonly version: string},
): string {
	const result = (finding: LintFinding, isSuppressed: boolean) => ({
		ruleId: finding.rule,
		ruleIndex: rules.findIndex(({id}) => id === finding.rule),
		level: levels[finding.severity],
		message: {text: `${finding.message} ${finding.fix}`},
		locations: locationsOf(finding.place),
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
				invocations: [
					{
						executionSuccessful: true,
						toolExecutionNotifications: notLookedAt.map(note => ({
							level: 'note',
							message: {text: `${leftTitles[note.what]}: ${leftReason(note)}`},
							locations: locationsOf(note.place),
						})),
					},
				],
				columnKind: 'utf16CodeUnits',
				results: [
					...findings.map(finding => result(finding, false)),
					...suppressed.map(finding => result(finding, true)),
				],
			},
		],
	};
	return printable(`${JSON.stringify(log, undefined, 2)}\n`);
}

function locationsOf({file, line, column}: LintFinding['place']) {
	return [
		{
			physicalLocation: {
				artifactLocation: {uri: encodeURI(file)},
				...(line !== undefined && {region: {startLine: line, startColumn: column ?? 1}}),
			},
		},
	];
}
