import {availableParallelism} from 'node:os';
import {join} from 'node:path';
import process from 'node:process';
import type {Argv} from 'yargs';
import {controllerConfig, obeysTolerance} from '../../autoscaler/contracts.ts';
import {assumedRelease, type Release, releases} from '../../autoscaler/controller-flags.ts';
import type {HpaIdentity} from '../../autoscaler/hpa-manifest.ts';
import {UserError} from '../../errors.ts';
import type {Experiment} from '../../experiment/experiment.ts';
import {checkLive} from '../../library/check-live.ts';
import {evaluationOf} from '../../library/pool/evaluate-tasks.ts';
import {outputFolders, readExperiments} from '../../library/read-experiments.ts';
import {type Evaluator, finishedTuning, openEvaluator, openFinishedRuns} from '../../library/tune.ts';
import {partsMarkdown, partsText} from '../../report/text/report.ts';
import {recommendedManifest, resourcesPatch} from '../../report/tune-manifest.ts';
import {tuneParts} from '../../report/tune-report.ts';
import {version} from '../../store/disk/package.ts';
import {readHpaIdentity} from '../../store/experiments/read-experiment.ts';
import {readSpace} from '../../store/inputs/read-space.ts';
import {writeForecast} from '../../store/records/write-forecast.ts';
import type {FinishedRuns} from '../../store/results/finished-runs.ts';
import {type Budget, parseBudget} from '../../tune/budgeted-runs.ts';
import {defaultSpace} from '../../tune/default-space.ts';
import {type Constraint, constraintsOf, objectives, parseConstraint, type TuneGoal} from '../../tune/goal.ts';
import type {Space} from '../../tune/space.ts';
import {tune} from '../../tune/tune.ts';
import {type Tuning, tuningDocument} from '../../tune/tuning.ts';
import {interruption} from '../terminal/interruption.ts';
import {changesOf, type HtmlOption, htmlOption, oneOf, oneText, wholeNumber} from '../terminal/option-forms.ts';
import {type PlaceOptions, placeOf, placeOptions} from '../terminal/place.ts';
import {showTuneProgress} from '../terminal/progress.ts';
import {jobOptionsOf, refuseStray, type TuneClusterOptions, tuneClusterOptions} from './tune-cluster-options.ts';

/** Options of `replicast tune` as they reach its handler. */
export type TuneCommandOptions = PlaceOptions &
	TuneClusterOptions &
	HtmlOption & {
		readonly file: string;
		readonly profile?: string;
		readonly seed?: number;
		readonly replications?: number;
		readonly set: readonly string[];
		readonly minimize: keyof typeof objectives;
		readonly subjectTo?: readonly Constraint[];
		readonly space?: string;
		readonly kubernetes?: Release;
		readonly budget: Budget;
		readonly workers: number;
		readonly json: boolean;
		readonly out: string;
		readonly checkLive: boolean;
		readonly repeat: number;
	};

export const tuneOptions = (yargs: Argv) =>
	yargs
		.positional('file', {type: 'string', demandOption: true, describe: 'Experiment file'})
		.option('profile', {...oneText('profile'), describe: 'Profile of the experiment to apply'})
		.option('seed', {
			...wholeNumber('seed', {min: 0, max: Number.MAX_SAFE_INTEGER}),
			describe: 'Root of every random stream, an integer, instead of the file’s',
		})
		.option('replications', {
			...wholeNumber('replications', {min: 2, max: 1_000_000}),
			describe: 'Runs that the report is made of, instead of the file’s number; the search sees others',
		})
		.option('set', changesOf('file', 'autoscaler.maxReplicas=8'))
		.option('minimize', {
			...oneOf('minimize', Object.keys(objectives) as (keyof typeof objectives)[]),
			default: 'cost' as const,
			describe: 'What is to be small',
		})
		.option('subject-to', {
			type: 'string',
			array: true,
			coerce: (given?: readonly string[]) => given?.map(parseConstraint),
			defaultDescription: 'the experiment’s slo',
			describe: 'Bounds that come first, such as p95<10s availability>=0.99',
		})
		.option('space', {
			...oneText('space'),
			defaultDescription: 'targets, bounds, windows and policies',
			describe: 'File of what may be chosen',
		})
		.option('kubernetes', {
			...oneOf('kubernetes', releases),
			defaultDescription: `the experiment’s, or ${assumedRelease}`,
			describe: 'Release of the cluster; tolerance is obeyed from 1.35 on',
		})
		.option('budget', {
			...oneText('budget'),
			default: '5m',
			coerce: (given: unknown) => parseBudget(String(given)),
			describe: 'Time of the search, or a number of runs, with which the answer is the same everywhere',
		})
		.option('workers', {
			...wholeNumber('workers', {min: 1, max: 1024}),
			default: availableParallelism(),
			defaultDescription: 'one a core',
			describe: 'Threads that simulate',
		})
		.option('json', {type: 'boolean', default: false, describe: 'Print one JSON document instead of tables'})
		.option('out', {...oneText('out'), default: join('reports', 'tuned'), describe: 'Folder for the results'})
		.option('check-live', {
			type: 'boolean',
			default: false,
			describe:
				'Then replay what is recommended, what there is and one that was dropped on a cluster: does the ranking hold?',
		})
		.option('repeat', {
			...wholeNumber('repeat', {min: 1, max: 999}),
			default: 1,
			describe: 'With --check-live: records wanted of each of the three',
		})
		.options({...placeOptions, ...tuneClusterOptions})
		.option('html', htmlOption)
		.example("$0 tune mine.yaml --subject-to 'p95<10s' 'availability>=0.99'", 'Cheapest that keeps both')
		.example("$0 tune mine.yaml --minimize latency --subject-to 'cost<0.12' --budget 2000", 'In 2,000 runs')
		.example('$0 tune mine.yaml --on kubernetes --context lab --image lab.example.com/replicast:1', 'In Jobs');

export const command = 'tune <file>';
export const describe = 'Search the autoscaler’s settings for the cheapest that keep the objectives';
export const builder = (yargs: Argv) => tuneOptions(yargs);

export async function handler(options: TuneCommandOptions): Promise<void> {
	refuseUnlive(options);
	const jobs = jobOptionsOf(options);
	const [experiment] = await readExperiments({...options, set: changesWith(options), file: [options.file], all: false});
	const [folder] = outputFolders([experiment!]);
	const goal = goalOf(experiment!, options);
	const space = await spaceOf(experiment!, options);
	const target = join(options.out, folder!);
	if (jobs !== undefined && options.printManifests) {
		const {printJobManifests} = await import('../../library/tune.ts');
		process.stdout.write(await printJobManifests(jobs, target));
		return;
	}

	const asked = {goal, folder: target};
	const known = options.checkLive ? finishedTuning(space, asked) : undefined;
	if (known !== undefined) {
		process.stderr.write(`Going by ${join(target, 'tune.json')}; without --check-live it would be tuned anew\n`);
	}

	const tuning = known ?? (await tuneAnew(space, goal, {options, folder: folder!}));
	if (tuning === undefined) {
		return;
	}

	try {
		if (options.checkLive && tuning.end !== 'interrupted') {
			await checkLive(space, tuning, {options, folder: target});
		}
	} finally {
		if (options.html) {
			await writePage(tuning, {experiment: experiment!, folder: target, options});
		}
	}
}

async function writePage(tuning: Tuning, {experiment, folder, options}: Finishing): Promise<void> {
	const {writeTunePage} = await import('../../report/tune-report.ts');
	const {kubernetes} = controllerConfig(experiment);
	const manifest = recommendedManifest(experiment, tuning, {
		identity: await identityOf(options),
		kubernetes,
		version: version(),
	});
	const path = await writeTunePage({experiment, tuning, folder, kubernetes, manifest});
	process.stderr.write(`Written to ${path}\n`);
}

type Answering = {readonly options: TuneCommandOptions; readonly folder: string};

/** Tunes and writes what was found. Nothing when it was interrupted before the first run. */
async function tuneAnew(space: Space, goal: TuneGoal, {options, folder}: Answering): Promise<Tuning | undefined> {
	const {signal, status} = interruption('taking the best so far');
	const tuning = await tuned(space, goal, {options, folder: join(options.out, folder), signal});
	if (tuning === undefined) {
		process.stderr.write('Interrupted before anything was found\n');
	} else {
		await finish(tuning, {experiment: space.experiment, folder, options});
	}

	process.exitCode = signal.aborted ? status() : 0;
	return tuning;
}

/** `--kubernetes` says what the key of the experiment says. */
function changesWith({set, kubernetes}: TuneCommandOptions): readonly string[] {
	return kubernetes === undefined ? set : [...set, `kubernetes="${kubernetes}"`];
}

/** @throws {UserError} E_USAGE when an option of a live check is given without one, or does not fit the others */
function refuseUnlive(options: TuneCommandOptions): void {
	if (options.checkLive) {
		placeOf(options);
	} else {
		const given = {...options, repeat: options.repeat !== 1};
		refuseStray(given, 'check-live', ['repeat', 'address', 'backend-image', 'ollama-image']);
	}
}

function goalOf(experiment: Experiment, {minimize, subjectTo}: TuneCommandOptions): TuneGoal {
	const constraints = subjectTo ?? constraintsOf(experiment.slo);
	if (constraints.length === 0) {
		throw new UserError(
			'E_USAGE',
			`Expected ${experiment.name} to have an slo or --subject-to to be given, got neither: the ${minimize} alone has no use`,
		);
	}

	return {minimize: objectives[minimize], constraints};
}

async function spaceOf(experiment: Experiment, {space}: TuneCommandOptions): Promise<Space> {
	if (experiment.autoscaler === 'none') {
		throw new UserError('E_CONFIG', `Expected ${experiment.name} to have an autoscaler to tune, got none`);
	}

	const release = {hasTolerance: obeysTolerance(controllerConfig(experiment))};
	return space === undefined ? defaultSpace(experiment, release) : readSpace(space, experiment, release);
}

type Tuned = {readonly options: TuneCommandOptions; readonly folder: string; readonly signal: AbortSignal};

/** Nothing when it was interrupted before the first run. */
async function tuned(space: Space, goal: TuneGoal, {options, folder, signal}: Tuned): Promise<Tuning | undefined> {
	const {experiment} = space;
	const controller = controllerConfig(experiment);
	const finished = openFinishedRuns(space, {folder});
	let player: Evaluator | undefined;
	try {
		player = await openEvaluator({options, experiment, controller, folder, signal});
		return await searched(space, goal, {options, signal, finished, player});
	} catch (error) {
		if (signal.aborted) {
			return undefined;
		}

		throw error;
	} finally {
		finished.close();
		await player?.close();
	}
}

type Searching = Pick<Tuned, 'options' | 'signal'> & {readonly finished: FinishedRuns; readonly player: Evaluator};

async function searched(
	space: Space,
	goal: TuneGoal,
	{options: {budget}, signal, finished, player}: Searching,
): Promise<Tuning> {
	const {seed, replications} = space.experiment;
	const progress = showTuneProgress(process.stderr, {
		goal,
		known: finished.size,
		currency: space.experiment.prices.currency,
	});
	let deadline = budget.kind === 'time' ? Date.now() + budget.seconds * 1000 : Number.POSITIVE_INFINITY;
	try {
		return await tune(space, goal, {
			seed,
			replications,
			mostRuns: budget.kind === 'runs' ? budget.most : undefined,
			evaluate: evaluationOf({
				finished,
				play: async (tasks, playing) => player.play(tasks, playing),
				isStopped: () => signal.aborted || Date.now() >= deadline,
				onPlayed: progress.advance,
			}),
			onSearched() {
				deadline = Number.POSITIVE_INFINITY;
			},
			onProgress: progress.show,
			signal,
		});
	} finally {
		progress.stop();
	}
}

type Finishing = {readonly experiment: Experiment; readonly folder: string; readonly options: TuneCommandOptions};

/** Writes what was found, then prints it: what is printed is on disk. */
async function finish(tuning: Tuning, {experiment, folder, options}: Finishing): Promise<void> {
	const {kubernetes} = controllerConfig(experiment);
	const identity = await identityOf(options);
	const document = tuningDocument(experiment, tuning, {kubernetes});
	const parts = tuneParts(experiment, tuning);
	const target = writeForecast(options.out, {
		folder,
		recordings: {},
		files: {
			'tune.json': `${JSON.stringify(document, null, '\t')}\n`,
			'recommended.yaml': recommendedManifest(experiment, tuning, {identity, kubernetes, version: version()}),
			'resources-patch.yaml': resourcesPatch(experiment, tuning, identity),
			'report.md': partsMarkdown(parts),
			// Of another tuning, perhaps: the page comes after a live check.
			'report.html': undefined,
			'front.svg': undefined,
		},
	});
	if (!options.json) {
		process.stdout.write(`${partsText(parts)}Written to ${target}\n`);
	} else if (!options.checkLive) {
		process.stdout.write(`${JSON.stringify(document, null, '\t')}\n`);
	}
}

async function identityOf({file, set, profile}: TuneCommandOptions): Promise<HpaIdentity> {
	return (await readExperimentSource(file, {set, ...(profile !== undefined && {profile})})).identity;
}
