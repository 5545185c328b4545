import process from 'node:process';
import type {Argv, InferredOptionTypes} from 'yargs';
import {UserError} from '../../errors.ts';
import {lint, lintRules} from '../../library/lint.ts';
import {version} from '../../library/program.ts';
import {lintGithub, lintJson, lintSarif} from '../../report/lint/lint-formats.ts';
import {lintMarkdown, lintText, rulesText} from '../../report/lint-report.ts';
import {examplesOf, oneOf, oneText} from '../terminal/option-forms.ts';
import {print, terminalWidth} from '../terminal/print.ts';
import {showProgress} from '../terminal/show-progress.ts';

const formats = ['text', 'markdown', 'json', 'sarif', 'github'] as const;
const failures = ['error', 'warning', 'info', 'never'] as const;

const options = {
	format: {...oneOf('format', formats), default: 'text', describe: 'Form of what is printed'},
	'fail-on': {
		...oneOf('fail-on', failures),
		default: 'warning',
		describe: 'Least severity of a finding that makes the exit status 1',
	},
	experiment: {
		...oneText('experiment'),
		describe: 'Experiment whose load the autoscaler of its workload is tried under',
	},
	full: {
		type: 'boolean',
		default: false,
		describe: 'Print every step of the witnesses, and all that was not looked at',
	},
	rules: {type: 'boolean', default: false, describe: 'Print the rules, and look at nothing'},
} as const;

/** Exit status where something was found. */
const foundStatus = 1;

export const command = 'lint [manifests..]';
export const describe = 'Find what the autoscalers in manifests can never do, each with a load that shows it';

export const builder = (yargs: Argv) =>
	yargs
		.positional('manifests', {
			type: 'string',
			array: true,
			describe: 'Manifests with HPAs or ScaledObjects and their workloads: files, folders, or - for standard input',
		})
		.options(options)
		.example(
			examplesOf({
				'$0 lint k8s/': 'Every autoscaler below a folder',
				'$0 lint k8s/ --experiment experiments/web.yaml': 'Also under the load of an experiment',
				'helm template web chart | $0 lint -': 'What a chart renders',
				'kubectl kustomize overlays/production | $0 lint -': 'What an overlay renders',
			}),
		);

type Arguments = InferredOptionTypes<typeof options> & {readonly manifests?: readonly string[]};

export async function handler({
	manifests = [],
	format,
	failOn,
	experiment,
	full,
	rules,
}: Arguments & {readonly failOn: (typeof failures)[number]}): Promise<void> {
	if (rules) {
		print(`${rulesText(lintRules, terminalWidth())}\n`);
		return;
	}

	// yargs makes nothing of -
	const given = manifests.filter(path => path !== '');
	const paths = given.length === 0 && !process.stdin.isTTY ? ['-'] : given;
	if (paths.length === 0) {
		throw new UserError('E_USAGE', 'Expected manifests to be files, folders, or - for standard input, got nothing');
	}

	const {onProgress, stop} = showProgress(process.stderr, {interrupted: () => 'Interrupted'});
	const found = await lint(paths, {onProgress, experiment}).finally(stop);
	switch (format) {
		case 'json':
			print(lintJson(found));
			break;
		case 'markdown':
			print(lintMarkdown(found));
			break;
		case 'sarif':
			print(lintSarif(found, {rules: lintRules, version: version()}));
			break;
		case 'github':
			print(lintGithub(found));
			break;
		default:
			print(lintText(found, {width: terminalWidth(), isFull: full}));
	}

	const counted = failOn === 'never' ? [] : failures.slice(0, failures.indexOf(failOn) + 1);
	if (found.findings.some(({severity}) => counted.includes(severity))) {
		process.exitCode = foundStatus;
	}
}
