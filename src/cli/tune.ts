import {join} from 'node:path';
import process from 'node:process';
import type {Argv} from 'yargs';
import {defaultControllerConfig} from '../autoscaler/controller-config.ts';
import {UserError} from '../errors.ts';
import type {Experiment} from '../experiment/experiment.ts';
import {FinishedRuns} from '../files/finished-runs.ts';
import {readHpaIdentity} from '../files/read-hpa-identity.ts';
import {readSpace} from '../files/read-space.ts';
import {writeForecast} from '../files/write-forecast.ts';
import {evaluationOf} from '../parallel/evaluate-tasks.ts';
import {CandidatePlayer} from '../parallel/play-candidates.ts';
import {defaultSpace} from '../tune/default-space.ts';
import {constraintsOf, type Goal, objectives} from '../tune/goal.ts';
import {runKey} from '../tune/run-key.ts';
import type {Space} from '../tune/space.ts';
import {tune} from '../tune/tune.ts';
import type {Tuning} from '../tune/tuning.ts';
import {interruption} from './interrupted-replay.ts';
import {outputFolders, readExperiments} from './read-experiments.ts';
import {tuneDocument} from './tune-document.ts';
import {recommendedManifest, resourcesPatch} from './tune-manifest.ts';
import {type TuneCommandOptions, tuneOptions} from './tune-options.ts';
import {showTuneProgress} from './tune-progress.ts';
import {tuneMarkdown, tuneText} from './tune-report.ts';
import {version} from './version.ts';

export const command = 'tune <file>';
export const describe = 'Search the autoscaler’s settings for the cheapest that keep the objectives';
export const builder = (yargs: Argv) => tuneOptions(yargs);

export async function handler(options: TuneCommandOptions): Promise<void> {
	const [experiment] = await readExperiments({...options, file: [options.file], all: false});
	const [folder] = outputFolders([experiment!]);
	const goal = goalOf(experiment!, options);
	const space = await spaceOf(experiment!, options);
	const {signal, status} = interruption('taking the best so far');
	const tuning = await tuned(space, goal, {options, folder: join(options.out, folder!), signal});
	if (tuning === undefined) {
		process.stderr.write('Interrupted before anything was found\n');
	} else {
		await finish(tuning, {experiment: experiment!, folder: folder!, options});
	}

	process.exitCode = signal.aborted ? status() : 0;
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

async function spaceOf(experiment: Experiment, {space, kubernetes}: TuneCommandOptions): Promise<Space> {
	if (experiment.autoscaler === 'none') {
		throw new UserError('E_CONFIG', `Expected ${experiment.name} to have an autoscaler to tune, got none`);
	}

	const release = {hasTolerance: kubernetes === '1.35'};
	return space === undefined ? defaultSpace(experiment, release) : readSpace(space, experiment, release);
}

type Tuned = {readonly options: TuneCommandOptions; readonly folder: string; readonly signal: AbortSignal};

/** Nothing when it was interrupted before the first run. */
async function tuned(space: Space, goal: Goal, {options, folder, signal}: Tuned): Promise<Tuning | undefined> {
	const {experiment} = space;
	const {budget, workers, kubernetes} = options;
	const controller = {...defaultControllerConfig, kubernetes};
	const finished = FinishedRuns.open(join(folder, 'runs.ndjson'), runKey(experiment, {controller, version: version()}));
	const progress = showTuneProgress(process.stderr, {goal, known: finished.size});
	const player = new CandidatePlayer({experiment, controller, workers});
	let deadline = budget.kind === 'time' ? Date.now() + budget.seconds * 1000 : Number.POSITIVE_INFINITY;
	try {
		return await tune(space, goal, {
			seed: experiment.seed,
			replications: experiment.replications,
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
	} catch (error) {
		if (signal.aborted) {
			return undefined;
		}

		throw error;
	} finally {
		progress.stop();
		finished.close();
		await player.close();
	}
}

type Finishing = {readonly experiment: Experiment; readonly folder: string; readonly options: TuneCommandOptions};

/** Writes what was found, then prints it: what is printed is on disk. */
async function finish(tuning: Tuning, {experiment, folder, options}: Finishing): Promise<void> {
	const {file, set, profile, kubernetes} = options;
	const identity = await readHpaIdentity(file, {set, ...(profile !== undefined && {profile})});
	const document = tuneDocument(experiment, tuning, {kubernetes});
	const target = writeForecast(options.out, {
		folder,
		recordings: {},
		files: {
			'tune.json': `${JSON.stringify(document, null, '\t')}\n`,
			'recommended.yaml': recommendedManifest(experiment, tuning, {identity, kubernetes}),
			'resources-patch.yaml': resourcesPatch(experiment, tuning, identity),
			'report.md': tuneMarkdown(experiment, tuning),
		},
	});
	process.stdout.write(
		options.json
			? `${JSON.stringify(document, null, '\t')}\n`
			: `${tuneText(experiment, tuning)}Written to ${target}\n`,
	);
}
