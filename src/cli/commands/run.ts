import {availableParallelism} from 'node:os';
import {join} from 'node:path';
import process from 'node:process';
import type {Argv} from 'yargs';
import {UserError} from '../../errors.ts';
import type {FinishedForecast} from '../../library/finish-forecast.ts';
import {fewestPredictionRuns, forecastAll, type Summary} from '../../library/forecast.ts';
import {type Experiment, readExperiments, wordsOfExperiments} from '../../library/read-experiments.ts';
import {reproductionText} from '../../report/reproduction-report.ts';
import {chartOptions, wantedCharts} from '../terminal/chart-options.ts';
import {type ArgumentsOf, changesOf, examplesOf, htmlOption, oneText, wholeNumber} from '../terminal/option-forms.ts';
import {print, printError, printLines, printReport} from '../terminal/print.ts';
import {showProgress} from '../terminal/show-progress.ts';

const mostWorkers = 1024;
const mostReplications = 1_000_000;

/** Exit status when a result does not come out again. */
const otherBytes = 3;

/** Exit status for a missed objective: k6's for thresholds (`errext/exitcodes/codes.go`, `ThresholdsHaveFailed`). */
const missedStatus = 99;

const fullOption = {
	type: 'boolean',
	default: false,
	describe: 'Print all figures: stages, energy, CO2e, savings by day and year, ways of billing',
} as const;
const failOption = {
	type: 'boolean',
	default: false,
	describe: `Exit with ${missedStatus} when an experiment misses its objective`,
} as const;

const examples = examplesOf({
	'$0 run --all': 'The experiments that come with Replicast',
	'$0 run mine.yaml --set fixed.replicas=4': 'Your experiment, with one value changed',
	'$0 run mine.yaml --fail-on-slo': 'In CI: status 99 when the objective is missed',
});

export const command = 'run [file..]';
export const describe = 'Forecast pods, latency and cost of experiments, with the autoscaler and with fixed pods';
export const builder = (yargs: Argv) =>
	yargs
		.positional('file', {type: 'string', array: true, default: [], describe: 'Experiment files'})
		.option('all', {type: 'boolean', default: false, describe: 'Run the experiments that come with Replicast'})
		.option('profile', {...oneText('profile'), describe: 'Profile of the experiments to apply'})
		.option('seed', {
			...wholeNumber('seed', {min: 0, max: Number.MAX_SAFE_INTEGER}),
			describe: 'Root of every random stream, an integer, instead of the file’s',
		})
		.option('replications', {
			...wholeNumber('replications', {min: 1, max: mostReplications}),
			describe: 'Independent runs of each experiment, instead of the file’s number',
		})
		.option('set', changesOf('files', 'fixed.replicas=4'))
		.option('workers', {
			...wholeNumber('workers', {min: 1, max: mostWorkers}),
			default: availableParallelism(),
			defaultDescription: 'one a core',
			describe: 'Threads that simulate; the results do not depend on it',
		})
		.option('baselines', {
			type: 'boolean',
			describe: 'Compare with the fewest fixed pods that keep the SLO and with no delay; default: where that is quick',
		})
		.option('prediction-runs', {
			...wholeNumber('prediction-runs', {min: 0, max: mostReplications}),
			defaultDescription: '39, or 19, where that is quick',
			describe: 'Runs for what one real run will show: 0 for none, else at least 19',
		})
		.option('price-book', {
			type: 'string',
			array: true,
			nargs: 1,
			defaultDescription: 'the ones that come with Replicast',
			describe: 'Price book to show beside the experiment’s own',
		})
		.option('full', fullOption)
		.option('fail-on-slo', failOption)
		.option('json', {type: 'boolean', default: false, describe: 'Print one JSON document instead of tables'})
		.option('out', {
			...oneText('out'),
			default: join('reports', 'simulated'),
			describe: 'Folder for reports and records',
		})
		.option('tuned', {
			...oneText('tuned'),
			default: join('reports', 'tuned'),
			describe: 'Folder of tunings: the best setting known of an experiment stands beside its own',
		})
		.option('reproduce', {
			...oneText('reproduce'),
			describe: 'Simulate a record or a summary again from what it holds, and compare every byte',
		})
		.example(examples)
		.option('html', htmlOption)
		.options(chartOptions);

export async function handler(options: ArgumentsOf<typeof builder>): Promise<void> {
	if (options.reproduce !== undefined) {
		await again(options.reproduce, options);
		return;
	}

	const {workers, baselines, 'price-book': priceBooks, json, html, out, tuned} = options;
	const predictionRuns = wantedRuns(options['prediction-runs']);
	const charts = wantedCharts(options);
	const experiments = await readExperiments(options);
	if (options['fail-on-slo']) {
		refuseWithoutObjective(experiments);
	}

	const summaries: Summary[] = [];
	const {
		onProgress,
		print: printAside,
		stop,
	} = showProgress(process.stderr, {
		interrupted: () => `Interrupted: ${summaries.length} of ${experiments.length} experiments done and kept in ${out}`,
	});
	try {
		const words = wordsOfExperiments(options);
		const wanted = {workers, baselines, predictionRuns, priceBooks, html, charts, words, out, tuned, onProgress};
		const forecasts = forecastAll(experiments, wanted);
		for await (const finished of forecasts) {
			summaries.push(finished.summary);
			printAside(() => printForecast(finished, {json, full: options.full, isAlone: experiments.length === 1}));
		}
	} finally {
		stop();
	}

	if (json) {
		print(`${JSON.stringify(summaries, null, '\t')}\n`);
	}

	if (options['fail-on-slo'] && summaries.some(({answer}) => answer.objective === 'missed')) {
		process.exitCode = missedStatus;
	}
}

/** @throws {UserError} when they are too few for an interval */
function wantedRuns(given: number | undefined): number | 'where short' {
	if (given !== undefined && given > 0 && given < fewestPredictionRuns) {
		throw new UserError(
			'E_USAGE',
			`Expected --prediction-runs to be 0 or at least ${fewestPredictionRuns}, got ${given}`,
		);
	}

	return given ?? 'where short';
}

function refuseWithoutObjective(experiments: readonly Experiment[]): void {
	const without = experiments.filter(({slo}) => Object.keys(slo).length === 0).map(({name}) => name);
	if (without.length > 0) {
		throw new UserError(
			'E_CONFIG',
			`Expected slo in every experiment with --fail-on-slo, got none in ${without.join(', ')}`,
		);
	}
}

/** Options that say which experiment is simulated, and how: a result that is reproduced holds them. */
const held = [
	'profile',
	'seed',
	'replications',
	'set',
	'baselines',
	'prediction-runs',
	'price-book',
	'charts',
	'chart-format',
] as const;

async function again(path: string, options: ArgumentsOf<typeof builder>): Promise<void> {
	const beside = options.file.length > 0 ? 'files' : options.all ? '--all' : undefined;
	const other = held.find(
		name => options[name] !== undefined && ![options[name]].flat().every(item => item === undefined),
	);
	if (beside !== undefined || other !== undefined) {
		throw new UserError('E_USAGE', `Expected --reproduce alone, got ${beside ?? `--${other}`} beside it`);
	}

	const {onProgress, stop} = showProgress(process.stderr, {interrupted: () => 'Interrupted: nothing was compared'});
	const {reproduce} = await import('../../library/reproduce/reproduce.ts');
	const reproduced = await reproduce(path, {workers: options.workers, onProgress}).finally(stop);
	options.json ? print(`${JSON.stringify(reproduced, null, '\t')}\n`) : printLines(reproductionText(reproduced));
	process.exitCode = reproduced.same ? 0 : otherBytes;
}

type Printed = {readonly json: boolean; readonly full: boolean; readonly isAlone: boolean};

function printForecast({report, target, omitted}: FinishedForecast, {json, full, isAlone}: Printed): void {
	if (omitted.length > 0) {
		printError(`${target}: too long and left out of the records: ${omitted.join(', ')}\n`);
	}

	if (!json && !full && !isAlone) {
		const [headline = ''] = report.answer ?? [];
		printLines(`${report.title}: ${headline}`);
	} else if (!json) {
		printReport(report, '', {isFull: full});
		printLines(`Written to ${target}\n${full ? '' : `All figures: --full, or ${join(target, 'report.md')}\n`}`);
	}
}
