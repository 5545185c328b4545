import {join} from 'node:path';
import type {Comparison, ComparisonInput, ComparisonSides, ComparisonWithSides, Phases} from '../comparison/compare.ts';
import type {Verdict} from '../comparison/compare-figures.ts';
import {defaultReplications, runCount} from '../comparison/run-counts.ts';
import {UserError} from '../errors.ts';
import {provenanceOf, type RunProvenance} from '../records/provenance.ts';
import {comparisonAnswer} from '../report/answers/comparison-answer.ts';
import {comparisonPage, comparisonPageCharts} from '../report/comparison-page.ts';
import {program} from '../store/disk/package.ts';
import {refuseUnwritable} from '../store/disk/refuse-unwritable.ts';
import {writeFileAtomically} from '../store/disk/write-atomically.ts';
import {type ReadOptions, readExperimentSource} from '../store/experiments/read-experiment.ts';
import {
	admitRecords,
	comparisonSides,
	recordsOf,
	recordsWith,
	refuseMixed,
	type SidesOptions,
} from './comparison-sides.ts';
import type {WantedCharts} from './draw-forecast-page.ts';
import {compareAll} from './pool/compare-all.ts';
import {outputFolders} from './read-experiments.ts';
import type {UseCaseOptions} from './use-case.ts';

export type {Comparison, Verdict};

/** Comparison with its answer: what the forecast may be believed for, and what to do next, a sentence each. */
export type AnsweredComparison = Comparison & {readonly answer: readonly string[]};

type SimulationOptions = UseCaseOptions & {
	/**
	 * Runs of the simulator, at least 2; 100 when left out, as fewer hardly show how much runs vary, and 10 or more where the
	 * records hold nothing but replicas under many requests.
	 */
	readonly replications?: number;
	/** Whether the clocks of scrapes and reconciles stand as in the records (the default), or anyhow. */
	readonly phases?: Phases;
};

export type CompareOptions = SimulationOptions & Omit<ReadOptions, 'replications'>;

/**
 * Compares the simulator with measured records of an experiment, on a thread of its own.
 *
 * @param path - the experiment's file
 * @param folders - of its measured records: of the dynamic arm at least one, of the fixed arm any number
 * @returns figures with intervals, where errors come from, and the verdict by the experiment's tolerances
 * @throws {UserError} for the faults of the experiment, and E_FILE for a record that cannot judge it, with the reason
 * @throws {RangeError} when `replications` is no integer of at least 2
 */
export async function compare(
	path: string,
	folders: readonly string[],
	{replications, phases, signal, onProgress, ...options}: CompareOptions = {},
): Promise<AnsweredComparison> {
	refuseFew(replications);
	const {experiment, models} = await readExperimentSource(path, options);
	const records = await admitRecords(folders, {experiment, models});
	for (const {recorded, standing} of records) {
		if (standing.role !== 'judge') {
			const message = `Expected ${recorded.name} to be a record that can judge, but it ${standing.reason}`;
			throw new UserError('E_FILE', message);
		}
	}

	const admitted = recordsWith(records, 'judge');
	refuseMixed(admitted);
	const measured = recordsOf(admitted, 'dynamic');
	if (measured.length === 0) {
		throw new UserError('E_FILE', `Expected a measured record of the dynamic arm of ${path}, got none`);
	}

	const measuredFixed = recordsOf(admitted, 'fixed');
	const sides = {experiment, measured, measuredFixed};
	const simulation = simulationOf(sides, {replications, phases});
	const comparison = await compareSides(
		{...sides, ...simulation},
		{...(signal && {signal}), ...(onProgress && {onProgress})},
	);
	const compared = {comparison, sides: {...sides, file: path, givenFolder: undefined, refused: []}};
	return {answer: comparisonAnswer({...compared, replications: simulation.replications}), ...comparison};
}

type ComparePathsOptions = UseCaseOptions &
	AskedSimulation &
	SidesOptions & {
		/** Folder for a page with charts; none is written when left out. */
		readonly pageFolder?: string | undefined;
		/** Charts that are written alone, too. */
		readonly charts?: WantedCharts | undefined;
		/** Called for each record that may not judge the experiment, before anything is simulated. */
		readonly onRefused?: (record: ComparisonSides['refused'][number]) => void;
	};

/** Comparison with its two sides, and the page where one was written. */
type ComparedPaths = ComparisonWithSides & {
	readonly page?: string;
	/** Folder of the charts. */
	readonly chartFolder?: string;
	/** Files, options and program that the simulated side depends on. */
	readonly provenance: RunProvenance;
};

/**
 * Compares the simulator, or the record of one of its runs, with all measured records that may judge the experiment.
 *
 * @param paths - the experiment's file; or the folder of a simulated record and those of measured ones
 * @throws {UserError} when no record may judge the experiment, or one that is named may not
 */
export async function comparePaths(paths: readonly string[], options: ComparePathsOptions): Promise<ComparedPaths> {
	const {pageFolder, charts, onRefused} = options;
	refuseFew(options.replications);
	if (charts !== undefined) {
		refuseUnwritable(charts.folder, []);
	}

	const sides = await comparisonSides(paths, options);
	for (const record of sides.refused) {
		onRefused?.(record);
	}

	const simulation = simulationOf(sides, options);
	const comparison = await compareSides({...sides, ...simulation}, options);
	const {document: _, ...provenance} = provenanceOf(sides.experiment, program());
	const compared = {comparison, sides, replications: simulation.replications, provenance};
	return {
		...compared,
		...(pageFolder !== undefined && {page: await writePage(compared, pageFolder)}),
		...(charts !== undefined && {chartFolder: await writeComparedCharts(compared, charts)}),
	};
}

function refuseFew(replications: number | undefined): void {
	if (replications !== undefined && !(Number.isInteger(replications) && replications >= 2)) {
		throw new RangeError(`Expected replications to be an integer of at least 2, got ${replications}`);
	}
}

type AskedSimulation = {readonly replications?: number | undefined; readonly phases?: Phases | undefined};

function simulationOf(
	sides: Pick<ComparisonInput, 'experiment' | 'measured'>,
	{replications = defaultReplications(sides), phases}: AskedSimulation,
) {
	return {replications, ...(phases !== undefined && {phases})};
}

/** Compares on a thread of its own, so that the process stays responsive. */
export async function compareSides(
	input: ComparisonInput,
	{signal, onProgress}: UseCaseOptions = {},
): Promise<Comparison> {
	const progress = {doing: 'Simulating', total: runCount(input), unit: 'replications'};
	let done = 0;
	onProgress?.({...progress, done});
	const [comparison] = await compareAll([input], {
		workers: 1,
		signal,
		onRun: () => onProgress?.({...progress, done: ++done}),
	});
	onProgress?.({...progress, done, isOver: true});
	return comparison!;
}

/** Writes a page with charts. What draws is large and loaded only for that. */
async function writePage(compared: ComparisonWithSides, folder: string): Promise<string> {
	const {drawCharts} = await import('../report/drawing/draw-svg.ts');
	const {pageFonts} = await import('../report/drawing/typeface.ts');
	const drawn = await drawCharts(comparisonPageCharts(compared));
	const [name = ''] = outputFolders([compared.sides.experiment]);
	const path = join(folder, `${name}.html`);
	writeFileAtomically(path, comparisonPage(compared, {drawn, fonts: await pageFonts()}));
	return path;
}

async function writeComparedCharts(compared: ComparisonWithSides, wanted: WantedCharts): Promise<string> {
	const {writeCharts} = await import('./draw-forecast-page.ts');
	const [name = ''] = outputFolders([compared.sides.experiment]);
	return writeCharts(comparisonPageCharts(compared), name, wanted);
}
