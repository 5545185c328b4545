import {join} from 'node:path';
import process from 'node:process';
import type {Argv, InferredOptionTypes} from 'yargs';
import {UserError} from '../../errors.ts';
import {planRepeats} from '../../library/campaign/plan-repeats.ts';
import {replay} from '../../library/replay/replay.ts';
import {replayManifests} from '../../library/replay/replay-subject.ts';
import {powerReport} from '../../report/power-report.ts';
import {pagesText, replayReport} from '../../report/replay-report.ts';
import {chartOptions, wantedCharts} from '../terminal/chart-options.ts';
import {untilInterrupted} from '../terminal/interruption.ts';
import {changesOf, examplesOf, htmlOption, oneOf, oneText, wholeNumber} from '../terminal/option-forms.ts';
import {emulatedPlaceOf, placeOf, placeOptions} from '../terminal/place.ts';
import {print, printReport} from '../terminal/print.ts';
import {showProgress} from '../terminal/show-progress.ts';

const options = {
	profile: {...oneText('profile'), describe: 'Profile of the experiments to apply, such as bench'},
	set: changesOf('files', 'fixed.replicas=4'),
	arm: {
		...oneOf('arm', ['dynamic', 'fixed', 'both']),
		default: 'dynamic' as const,
		describe: 'With the autoscaler, with a fixed number of pods, or one after the other',
	},
	repeat: {
		...wholeNumber('repeat', {min: 1, max: 999}),
		default: 1,
		describe: 'Records wanted of each arm; valid ones that are there are not measured again',
	},
	on: {
		...oneOf('on', ['kind', 'kwok']),
		default: 'kind' as const,
		describe: 'Real pods in a kind cluster, or a real control plane whose nodes and pods KWOK emulates',
	},
	'kwok-image': {...oneText('kwok-image'), describe: 'With --on kwok: image of KWOK, instead of the published one'},
	'karpenter-image': {
		...oneText('karpenter-image'),
		describe:
			'With --on kwok: image of Karpenter’s provider for KWOK, which nobody publishes; karpenter-kwok:v1.14.1 when left out',
	},
	'no-probe': {
		type: 'boolean',
		default: false,
		describe: 'Leave out the probes of the machine’s speed before and after each run',
	},
	plan: {
		type: 'boolean',
		default: false,
		describe: 'Say how many repeats would decide each judged figure, and what makes runs differ; nothing is measured',
	},
	record: {
		...oneText('record'),
		describe: 'With --plan: measured record whose times in service, pods and clocks are held',
	},
	...placeOptions,
	cluster: {
		...oneText('cluster'),
		describe: 'Name of the kind cluster, made if there is none; replicast, or replicast-kwok on KWOK, when left out',
	},
	out: {
		...oneText('out'),
		describe: `Folder for the records; ${join('reports', 'measured')}, or ${join('reports', 'emulated')} on KWOK, when left out`,
	},
	'print-manifests': {type: 'boolean', default: false, describe: 'Print what would be applied, and stop'},
} as const;

export const replayOptions = (yargs: Argv) =>
	yargs
		.positional('file', {type: 'string', array: true, default: [], describe: 'Experiment files'})
		.options(options)
		.example(
			examplesOf({
				'$0 replay experiments/dynamic-scaling.yaml --profile bench --repeat 3': 'Until there are three valid records',
				'$0 replay experiments/spike.yaml --profile validation --plan':
					'How many repeats would decide; nothing is measured',
				'$0 replay mine.yaml --arm both --keep': 'Both arms; the cluster stays',
				'$0 replay experiments/nodes/hundred-nodes.yaml --on kwok': 'A real control plane, no real pod',
			}),
		);

export const command = 'replay [file..]';
export const describe = 'Replay experiments on a real cluster and write measured records';
export const builder = (yargs: Argv) => replayOptions(yargs).option('html', htmlOption).options(chartOptions);

type Arguments = InferredOptionTypes<typeof options & {html: typeof htmlOption} & typeof chartOptions> & {
	readonly file: readonly string[];
};

export async function handler(given: Arguments): Promise<void> {
	const {file, profile, set, arm, repeat: repeats, 'no-probe': isUnprobed, keep: keeps, out, html, on} = given;
	const place = on === 'kwok' ? emulatedPlaceOf(given) : placeOf(given);
	const arms = arm === 'both' ? (['dynamic', 'fixed'] as const) : [arm];
	const subject = {set, arms, on, place, ...(profile !== undefined && {profile})};
	refuseStrayImages(given);
	if (given['print-manifests']) {
		print(await replayManifests(file, subject));
		return;
	}

	if (given.plan) {
		await printPlan(file, {...(profile !== undefined && {profile}), set, record: given.record});
		return;
	}

	if (given.record !== undefined) {
		throw new UserError('E_USAGE', 'Expected --plan beside --record, got --record alone');
	}

	const charts = wantedCharts(given);
	const {onProgress, stop} = showProgress(process.stdout);
	const replayed = await untilInterrupted(
		async signal =>
			replay(file, {
				...{...subject, repeats, probes: !isUnprobed, keeps, html, charts, signal, onProgress},
				kwokImage: given['kwok-image'],
				karpenterImage: given['karpenter-image'],
				...(out !== undefined && {out}),
			}),
		'Interrupted: what was measured is kept',
	).finally(stop);
	if (replayed !== undefined) {
		for (const one of replayed) {
			printReport(replayReport(one));
		}

		print(html ? pagesText(replayed) : '');
	}
}

function refuseStrayImages({on, ...given}: Pick<Arguments, 'on' | 'kwok-image' | 'karpenter-image'>): void {
	const stray = (['kwok-image', 'karpenter-image'] as const).find(name => given[name] !== undefined);
	if (stray !== undefined && on !== 'kwok') {
		throw new UserError('E_USAGE', `Expected --on kwok beside --${stray}, got --${stray} alone`);
	}
}

type Planned = {readonly profile?: string; readonly set: readonly string[]; readonly record: string | undefined};

async function printPlan(file: readonly string[], {record, ...subject}: Planned): Promise<void> {
	const {onProgress, stop} = showProgress(process.stderr, {interrupted: () => 'Interrupted'});
	const plans = await planRepeats(file, {...subject, ...(record !== undefined && {record}), onProgress}).finally(stop);
	for (const plan of plans) {
		printReport(powerReport(plan));
	}
}
