import {availableParallelism} from 'node:os';
import {join} from 'node:path';
import {controllerConfig} from '../autoscaler/contracts.ts';
import {provenanceOf, type RunProvenance} from '../records/provenance.ts';
import {tuneAnswer} from '../report/answers/tune-answer.ts';
import {tuningProvenance} from '../report/tables/provenance-rows.ts';
import {phaseWords, standingText} from '../report/tables/tuned-figures.ts';
import {formatNumber} from '../report/text/format.ts';
import {type Report, reportMarkdown} from '../report/text/report.ts';
import {recommendedManifest, resourcesPatch} from '../report/tune-manifest.ts';
import {tuneReport} from '../report/tune-report.ts';
import {program, version} from '../store/disk/package.ts';
import {refuseUnwritable} from '../store/disk/refuse-unwritable.ts';
import {writeFileAtomically} from '../store/disk/write-atomically.ts';
import {writeForecast} from '../store/records/write-forecast.ts';
import type {FinishedRuns} from '../store/results/finished-runs.ts';
import {readLiveCheck} from '../store/results/read-live-check.ts';
import {type Budget, parseBudget} from '../tune/budgeted-runs.ts';
import type {LiveCheck} from '../tune/live-check.ts';
import type {SearchProgress} from '../tune/search.ts';
import {tuneSpace} from '../tune/tune.ts';
import {type Tuning, type TuningDocument, tuningDocument} from '../tune/tuning.ts';
import {backTestPresent} from './back-test-present.ts';
import type {WantedCharts} from './draw-forecast-page.ts';
import {findFinishedTuning, openFinishedRuns} from './finished-tuning.ts';
import {evaluationOf} from './pool/evaluate-tasks.ts';
import {type Evaluator, openEvaluator, type TuningJobs} from './tuning-evaluator.ts';
import {readTuningQuestion, type TuningQuestion, type TuningQuestionOptions, userFaults} from './tuning-question.ts';
import type {UseCaseOptions} from './use-case.ts';

export type {TuningJobs} from './tuning-evaluator.ts';

/** Means of a search. */
type TuningSearchOptions = UseCaseOptions & {
	/** Duration such as `5m` or a number of runs, with which the result is the same on every machine. Default `5m`. */
	readonly budget?: string | number | undefined;
	/** Threads that simulate; default one a core. */
	readonly workers?: number | undefined;
	/** Indexed Jobs of a cluster that simulate instead. */
	readonly jobs?: TuningJobs | undefined;
	/** Takes the finished result of the same question from its folder when it is there. */
	readonly reuse?: boolean | undefined;
};

export type TuneOptions = TuningQuestionOptions & TuningSearchOptions;

/** Document with its answer: settings to change, savings and margins, a sentence each. */
type AnsweredTuning = {readonly answer: readonly string[]} & TuningDocument;

/** A question, its answer and the document of both. */
export type TuningResult = TuningQuestion & {
	readonly tuning: Tuning;
	/** Document of both, its answer first. */
	readonly document: AnsweredTuning;
	/** Lines on what was recorded under the load, and how far the simulator is off it with the present settings. */
	readonly recorded: readonly string[];
	/** Whether an earlier call had found it. */
	readonly isReused: boolean;
};

/**
 * Searches the settings of an experiment's autoscaler for the best that keep the bounds, and writes `tune.json`,
 * `report.md` and, where one keeps them, `recommended.yaml` and, where container sizes change, `resources-patch.yaml`. Finished runs are kept in
 * `runs.ndjson`, so that the same call goes on from there.
 *
 * @param path - an experiment file
 * @returns the best so far when the signal ends the search
 * @throws {UserError} when a file is faulty, an option is wrong, or the cluster refuses
 * @throws the signal's reason when nothing had been found
 */
export async function tune(path: string, options: TuneOptions = {}): Promise<TuningResult> {
	budgetOf(options);
	return searchSettings(await readTuningQuestion(path, options), options);
}

/** Text of a budget such as `5m` or `2000`. @throws {RangeError} for a text that means none */
export function checkBudget(text: string): string {
	parseBudget(text);
	return text;
}

function budgetOf({budget = '5m'}: TuningSearchOptions): Budget {
	return userFaults(() => parseBudget(String(budget)));
}

/**
 * Searches the best settings of a question that was read, as {@link tune} does.
 *
 * @throws the signal's reason when nothing had been found
 */
export async function searchSettings(
	question: TuningQuestion,
	options: TuningSearchOptions = {},
): Promise<TuningResult> {
	const known = options.reuse === true ? findFinishedTuning(question) : undefined;
	const {experiment, kubernetes} = question;
	const recorded = await backTestPresent(experiment, options);
	const tuning = known ?? (await searched(question, options));
	const provenance = provenanceOfQuestion(question);
	const answer = [...tuneAnswer(experiment, tuning), ...recorded];
	const document = {answer, ...tuningDocument(experiment, tuning, {kubernetes, provenance})};
	const result = {...question, tuning, document, recorded, isReused: known !== undefined};
	if (known === undefined) {
		writeResult(result);
	}

	return result;
}

/** The experiment that it was read from is left out: the settings of a tuning are many experiments. */
function provenanceOfQuestion({experiment, spaceFile}: TuningQuestion): RunProvenance {
	const {document: _, files, ...provenance} = provenanceOf(experiment, program());
	return {...provenance, files: spaceFile === undefined ? files : [...files, spaceFile]};
}

async function searched(question: TuningQuestion, options: TuningSearchOptions): Promise<Tuning> {
	const {experiment, folder} = question;
	const {workers = availableParallelism(), jobs, onProgress = () => undefined} = options;
	const {signal = new AbortController().signal} = options;
	const budget = budgetOf(options);
	const finished = openFinishedRuns(question);
	let evaluator: Evaluator | undefined;
	try {
		const controller = controllerConfig(experiment);
		evaluator = await openEvaluator({experiment, controller, workers, jobs, folder, signal, onProgress});
		return await search(question, {budget, signal, onProgress, finished, evaluator});
	} catch (error) {
		throw signal.aborted ? signal.reason : error;
	} finally {
		finished.close();
		await evaluator?.close();
	}
}

type Searching = Required<UseCaseOptions> & {
	readonly budget: Budget;
	readonly finished: FinishedRuns;
	readonly evaluator: Evaluator;
};

async function search(question: TuningQuestion, searching: Searching): Promise<Tuning> {
	const {space, goal} = question;
	const {budget, signal, finished, evaluator} = searching;
	const {seed, replications} = space.experiment;
	const reporter = reporterOf(searching, question);
	let deadline = budget.kind === 'time' ? Date.now() + budget.seconds * 1000 : Number.POSITIVE_INFINITY;
	return tuneSpace(space, goal, {
		seed,
		replications,
		mostRuns: budget.kind === 'runs' ? budget.most : undefined,
		evaluate: evaluationOf({
			finished,
			evaluate: async (tasks, evaluating) => evaluator.evaluate(tasks, evaluating),
			isStopped: () => signal.aborted || Date.now() >= deadline,
			onEvaluated: reporter.onEvaluated,
		}),
		onSearched() {
			deadline = Number.POSITIVE_INFINITY;
		},
		onProgress: reporter.onSearch,
		signal,
	});
}

/** Reports a search as it goes on: each run that was simulated, and the best so far. */
function reporterOf({onProgress, finished}: Searching, {goal, space}: TuningQuestion) {
	const {currency} = space.experiment.prices;
	let [doing, detail, done] = [phaseWords.start, '', 0];
	const report = () => onProgress({doing, done, unit: 'runs', ...(detail !== '' && {detail})});
	if (finished.size > 0) {
		onProgress({doing: `Going on from ${formatNumber(finished.size)} finished runs`, isOver: true});
	}

	report();
	return {
		onEvaluated() {
			done++;
			report();
		},
		onSearch({phase, runs, best}: SearchProgress) {
			doing = phaseWords[phase];
			detail = best === undefined ? '' : standingText(best.standing, {goal, currency});
			done = Math.max(done, runs);
			report();
		},
	};
}

function writeResult(result: TuningResult): void {
	const {experiment, tuning, document, out, name} = result;
	writeForecast(out, {
		folder: name,
		recordings: {},
		files: {
			'tune.json': `${JSON.stringify(document, null, '\t')}\n`,
			// Without a recommendation those of an earlier tuning go.
			'recommended.yaml': tuning.keepsBounds ? manifestOf(result) : undefined,
			'resources-patch.yaml': tuning.keepsBounds ? resourcesPatch(experiment, tuning, result.identity) : undefined,
			'report.md': reportMarkdown(reportOf(result)),
			// Pages of an earlier tuning: that of this one is written after a live check.
			'report.html': undefined,
			'front.svg': undefined,
		},
	});
}

function reportOf({experiment, tuning, recorded, document: {provenance}}: TuningResult): Report {
	const report = tuneReport(experiment, tuning, {recorded});
	return {...report, sections: [...report.sections, tuningProvenance({experiment, tuning, provenance})]};
}

function manifestOf({experiment, tuning, identity, scaledObject, kubernetes}: TuningResult): string {
	return recommendedManifest(experiment, tuning, {identity, scaledObject, kubernetes, version: version()});
}

/**
 * Writes a tuning as a page with charts, its live check among them, and its front as a picture.
 *
 * @returns the path of the page
 */
export async function writeTuningPage(result: TuningResult): Promise<string> {
	const [{drawCharts}, {pageFonts}, {frontName, tuneCharts}, {tunePage}] = await Promise.all([
		import('../report/drawing/draw-svg.ts'),
		import('../report/drawing/typeface.ts'),
		import('../report/charts/tune-charts.ts'),
		import('../report/tune-page.ts'),
	]);
	const {experiment, tuning, document, folder, recorded} = result;
	const live = liveCheckOf(result);
	const figures = await drawCharts(tuneCharts(experiment, tuning, live));
	const {provenance} = document;
	const about = {experiment, tuning, live, provenance, recorded, manifest: manifestOf(result)};
	const path = join(folder, 'report.html');
	writeFileAtomically(path, tunePage({...about, figures, fonts: await pageFonts()}));
	for (const {chart, svg} of figures.filter(({chart: {name}}) => name === frontName)) {
		writeFileAtomically(join(folder, `${chart.name}.svg`), svg);
	}

	return path;
}

/** Refuses, before a search, a folder into which charts cannot be written. @throws {UserError} E_FILE */
export function refuseChartFolder({folder}: WantedCharts): void {
	refuseUnwritable(folder, []);
}

/** Writes the charts of a tuning's page, each alone. @returns their folder */
export async function writeTuningCharts(result: TuningResult, wanted: WantedCharts): Promise<string> {
	const [{writeCharts}, {tuneCharts}] = await Promise.all([
		import('./draw-forecast-page.ts'),
		import('../report/charts/tune-charts.ts'),
	]);
	return writeCharts(tuneCharts(result.experiment, result.tuning, liveCheckOf(result)), result.name, wanted);
}

/** Live check of this very recommendation. */
function liveCheckOf({experiment: {hash}, tuning: {candidates}, folder}: TuningResult): LiveCheck | undefined {
	const live = readLiveCheck(join(folder, 'live.json'));
	const recommended = candidates[0]!;
	const isOfThis = live?.candidates.some(({role, name}) => role === 'recommended' && name === recommended.name);
	return live?.experiment.hash === hash && isOfThis === true ? live : undefined;
}
