import {availableParallelism} from 'node:os';
import {join} from 'node:path';
import process from 'node:process';
import type {Argv, InferredOptionTypes} from 'yargs';
import {checkLive, type LiveCheck} from '../../library/check-live.ts';
import {onlyExperiment} from '../../library/read-experiments.ts';
import {
	checkBudget,
	refuseChartFolder,
	searchSettings,
	type TuningResult,
	writeTuningCharts,
	writeTuningPage,
} from '../../library/tune.ts';
import {printJobManifests, type TuningJobs} from '../../library/tuning-evaluator.ts';
import {
	assumedRelease,
	checkBound,
	checkBoundsKept,
	defaultBoundsKept,
	minimizedFigures,
	readTuningQuestion,
	releases,
	type TuningQuestion,
} from '../../library/tuning-question.ts';
import {liveReport} from '../../report/live-report.ts';
import {tuneReport} from '../../report/tune-report.ts';
import {chartOptions, wantedCharts} from '../terminal/chart-options.ts';
import {interruption, untilInterrupted} from '../terminal/interruption.ts';
import {changesOf, examplesOf, htmlOption, oneOf, oneText, refuseStray, wholeNumber} from '../terminal/option-forms.ts';
import {placeOf, placeOptions} from '../terminal/place.ts';
import {print, printError, printLines, printReport} from '../terminal/print.ts';
import {showProgress} from '../terminal/show-progress.ts';
import {jobsOf, tuneClusterOptions} from './tune-cluster-options.ts';

const options = {
	profile: {...oneText('profile'), describe: 'Profile of the experiment to apply'},
	seed: {
		...wholeNumber('seed', {min: 0, max: Number.MAX_SAFE_INTEGER}),
		describe: 'Root of every random stream, an integer, instead of the file’s',
	},
	replications: {
		...wholeNumber('replications', {min: 2, max: 1_000_000}),
		describe: 'Runs that the report is made of, instead of the file’s number; the search sees others',
	},
	set: changesOf('file', 'autoscaler.maxReplicas=8'),
	minimize: {
		...oneOf('minimize', minimizedFigures),
		default: 'cost' as const,
		describe: 'What is to be small',
	},
	'subject-to': {
		type: 'string',
		array: true,
		requiresArg: true,
		coerce: (given?: readonly string[]) => given?.map(checkBound),
		defaultDescription: 'the experiment’s slo',
		describe: 'Bounds that come first, such as p95<10s availability>=0.99',
	},
	'bounds-kept': {
		...oneText('bounds-kept'),
		default: defaultBoundsKept,
		coerce: (given: unknown) => checkBoundsKept(String(given)),
		describe:
			'Share of the runs that keeps each bound, whatever their machine and load; mean: only the mean has to, on the machine of the model',
	},
	space: {
		...oneText('space'),
		defaultDescription: 'targets, bounds, windows and policies',
		describe: 'File of what may be chosen',
	},
	kubernetes: {
		...oneOf('kubernetes', releases),
		defaultDescription: `the experiment’s, or ${assumedRelease}`,
		describe: 'Release of the cluster; tolerance is obeyed from 1.35 on',
	},
	budget: {
		...oneText('budget'),
		default: '5m',
		coerce: (given: unknown) => checkBudget(String(given)),
		describe: 'Time of the search, or a number of runs, with which the answer is the same everywhere',
	},
	workers: {
		...wholeNumber('workers', {min: 1, max: 1024}),
		default: availableParallelism(),
		defaultDescription: 'one a core',
		describe: 'Threads that simulate',
	},
	full: {
		type: 'boolean',
		default: false,
		describe: 'Print all figures: other settings that are good, how much each matters',
	},
	json: {type: 'boolean', default: false, describe: 'Print one JSON document instead of tables'},
	out: {...oneText('out'), default: join('reports', 'tuned'), describe: 'Folder for the results'},
	'check-live': {
		type: 'boolean',
		default: false,
		describe:
			'Then replay what is recommended, what there is and one that was dropped on a cluster: does the ranking hold?',
	},
	repeat: {
		...wholeNumber('repeat', {min: 1, max: 999}),
		default: 1,
		describe: 'With --check-live: records wanted of each of the three',
	},
	...placeOptions,
	...tuneClusterOptions,
	html: htmlOption,
	...chartOptions,
} as const;

export const tuneOptions = (yargs: Argv) =>
	yargs
		.positional('file', {type: 'string', array: true, demandOption: true, describe: 'Experiment file, one'})
		.options(options)
		.example(
			examplesOf({
				"$0 tune mine.yaml --subject-to 'p95<10s' 'availability>=0.99'": 'The cheapest settings that keep both bounds',
				"$0 tune mine.yaml --minimize latency --subject-to 'cost<0.12'":
					'The lowest latency for at most 12 cents an hour',
				'$0 tune mine.yaml --on kubernetes --context lab --image tuner:1': 'Simulated in Jobs of a cluster',
			}),
		);

export const command = 'tune <file..>';
export const describe = 'Find the cheapest settings of the autoscaler that keep the objectives';
export const builder = (yargs: Argv) => tuneOptions(yargs);

type Named = InferredOptionTypes<typeof options> & {readonly file: readonly string[]};
type Given = Omit<Named, 'file'> & {readonly file: string};

export async function handler(named: Named): Promise<void> {
	const given = {...named, file: await onlyExperiment(named.file)};
	refuseUnlive(given);
	const charts = wantedCharts(given);
	if (charts !== undefined) {
		refuseChartFolder(charts);
	}

	const jobs = jobsOf(given);
	const question = await readTuningQuestion(given.file, {
		...given,
		subjectTo: given['subject-to'],
		boundsKept: given['bounds-kept'],
	});
	if (jobs !== undefined && given['print-manifests']) {
		print(await printJobManifests(jobs, question.folder));
		return;
	}

	const result = await answer(question, given, jobs);
	try {
		const isOver = result !== undefined && result.tuning.end !== 'interrupted';
		if (given['check-live'] && isOver && result.tuning.keepsBounds) {
			await check(result, given);
		}
	} finally {
		if (given.html && result !== undefined) {
			printError(`Written to ${await writeTuningPage(result)}\n`);
		}

		if (charts !== undefined && result !== undefined) {
			printError(`Written to ${await writeTuningCharts(result, charts)}\n`);
		}
	}
}

/** @throws {UserError} E_USAGE when an option of a live check is given without one, or does not fit the others */
function refuseUnlive(given: Given): void {
	if (given['check-live']) {
		placeOf(given);
	} else {
		const stray = {...given, repeat: given.repeat !== 1};
		refuseStray(stray, 'check-live', [
			'repeat',
			'address',
			'backend-image',
			'ollama-image',
			'keda',
			'prometheus-image',
		]);
	}
}

/** Exit status where no setting that was tried keeps the bounds. */
const nothingKept = 5;

/** Prints the result of the search; undefined when it was interrupted before the first run. */
async function answer(
	question: TuningQuestion,
	given: Given,
	jobs: TuningJobs | undefined,
): Promise<TuningResult | undefined> {
	const {budget, workers, json, 'check-live': isChecked} = given;
	const {signal, status} = interruption('taking the best so far');
	const {onProgress, stop} = showProgress(process.stderr);
	try {
		const means = {budget, workers, jobs, reuse: isChecked, signal, onProgress};
		const result = await searchSettings(question, means).finally(stop);
		process.exitCode = signal.aborted ? status() : result.tuning.keepsBounds ? 0 : nothingKept;
		if (result.isReused) {
			const path = join(result.folder, 'tune.json');
			printError(`Using the tuning in ${path}; without --check-live the search runs again\n`);
		} else if (!json) {
			const {folder, recorded} = result;
			printReport(tuneReport(result.experiment, result.tuning, {folder, recorded}), '', {isFull: given.full});
			printLines(`Written to ${folder}${given.full ? '' : `\nAll figures: --full, or ${join(folder, 'report.md')}`}`);
		} else if (!isChecked) {
			print(`${JSON.stringify(result.document, null, '\t')}\n`);
		}

		return result;
	} catch (error) {
		if (!signal.aborted) {
			throw error;
		}

		printError('Interrupted before anything was found\n');
		process.exitCode = status();
		return undefined;
	}
}

const statuses = {HELD: 0, 'NOT HELD': 3, 'CANNOT SAY': 4} as const;

const boundStatuses = {KEPT: 0, MISSED: 3, 'CANNOT SAY': 4} as const;

/** A bound that is missed or a ranking that is turned round outweighs what cannot be said. */
function statusOf({verdict, bounds}: LiveCheck): number {
	const both = [statuses[verdict], boundStatuses[bounds?.verdict ?? 'CANNOT SAY']];
	return both.includes(3) ? 3 : Math.max(...both);
}

/** Prints whether the ranking holds on a cluster, which the exit status says, too. */
async function check(result: TuningResult, given: Given): Promise<void> {
	const {onProgress, stop} = showProgress(process.stderr);
	const means = {place: placeOf(given), repeats: given.repeat, keeps: given.keep, onProgress};
	const checked = await untilInterrupted(
		async signal => checkLive(result, {...means, signal}),
		'Interrupted: what was measured is kept, and the same command goes on from there',
	).finally(stop);
	if (checked !== undefined) {
		const {check: live, json, report} = checked;
		given.json ? print(json) : printReport(liveReport(result.experiment, live), `Written to ${report}\n`);
		process.exitCode = statusOf(live);
	}
}
