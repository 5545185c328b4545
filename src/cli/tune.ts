import {join} from 'node:path';
import process from 'node:process';
import type {Argv} from 'yargs';
import {controllerConfig, obeysTolerance} from '../autoscaler/controller-config.ts';
import {UserError} from '../errors.ts';
import type {Experiment} from '../experiment/experiment.ts';
import type {FinishedRuns} from '../files/finished-runs.ts';
import {readHpaIdentity} from '../files/read-hpa-identity.ts';
import {readSpace} from '../files/read-space.ts';
import {writeForecast} from '../files/write-forecast.ts';
import type {HpaIdentity} from '../kubernetes/hpa-object.ts';
import {evaluationOf} from '../parallel/evaluate-tasks.ts';
import {defaultSpace} from '../tune/default-space.ts';
import {constraintsOf, type Goal, objectives} from '../tune/goal.ts';
import type {Space} from '../tune/space.ts';
import {tune} from '../tune/tune.ts';
import type {Tuning} from '../tune/tuning.ts';
import {checkLive} from './check-live.ts';
import {finishedTuning, openFinishedRuns} from './finished-tuning.ts';
import {interruption} from './interrupted-replay.ts';
import {placeOf} from './place.ts';
import {outputFolders, readExperiments} from './read-experiments.ts';
import {partsMarkdown, partsText} from './report-parts.ts';
import {jobOptionsOf, refuseStray} from './tune-cluster-options.ts';
import {tuneDocument} from './tune-document.ts';
import {recommendedManifest, resourcesPatch} from './tune-manifest.ts';
import {type TuneCommandOptions, tuneOptions} from './tune-options.ts';
import {openPlayer, type TunePlayer} from './tune-player.ts';
import {showTuneProgress} from './tune-progress.ts';
import {tuneParts} from './tune-report.ts';

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
		const {printJobManifests} = await import('./print-job-manifests.ts');
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
	const {writeTunePage} = await import('./tune-page.ts');
	const {kubernetes} = controllerConfig(experiment);
	const manifest = recommendedManifest(experiment, tuning, {identity: await identityOf(options), kubernetes});
	const path = await writeTunePage({experiment, tuning, folder, kubernetes, manifest});
	process.stderr.write(`Written to ${path}\n`);
}

type Answering = {readonly options: TuneCommandOptions; readonly folder: string};

/** Tunes and writes what was found. Nothing when it was interrupted before the first run. */
async function tuneAnew(space: Space, goal: Goal, {options, folder}: Answering): Promise<Tuning | undefined> {
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

function goalOf(experiment: Experiment, {minimize, subjectTo}: TuneCommandOptions): Goal {
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
async function tuned(space: Space, goal: Goal, {options, folder, signal}: Tuned): Promise<Tuning | undefined> {
	const {experiment} = space;
	const controller = controllerConfig(experiment);
	const finished = openFinishedRuns(space, {folder});
	let player: TunePlayer | undefined;
	try {
		player = await openPlayer({options, experiment, controller, folder, signal});
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

type Searching = Pick<Tuned, 'options' | 'signal'> & {readonly finished: FinishedRuns; readonly player: TunePlayer};

async function searched(
	space: Space,
	goal: Goal,
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
	const document = tuneDocument(experiment, tuning, {kubernetes});
	const parts = tuneParts(experiment, tuning);
	const target = writeForecast(options.out, {
		folder,
		recordings: {},
		files: {
			'tune.json': `${JSON.stringify(document, null, '\t')}\n`,
			'recommended.yaml': recommendedManifest(experiment, tuning, {identity, kubernetes}),
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
	return readHpaIdentity(file, {set, ...(profile !== undefined && {profile})});
}
