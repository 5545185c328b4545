import type {ClaimsFile} from '../../audit/claims-file.ts';
import {envelopeOf} from '../../comparison/envelope.ts';
import {comparisonFigures} from '../../comparison/figure-table.ts';
import {latencyPercentiles} from '../../comparison/latency-percentiles.ts';
import {MeasuredSchedule} from '../../comparison/measured-schedule.ts';
import {measuredTimelines, readRun} from '../../comparison/reading.ts';
import {utilizationSeries} from '../../comparison/utilization-series.ts';
import {hourlyUnits} from '../../experiment/currency.ts';
import type {Experiment} from '../../experiment/experiment.ts';
import type {ReplicationResult} from '../../forecast/replicate.ts';
import {summarize} from '../../forecast/summarize.ts';
import type {Recording} from '../../records/record.ts';
import type {ComparisonCharts} from '../../report/charts/comparison-charts.ts';
import type {PosterEvidence, PosterRuns, PosterSubject} from '../../report/charts/poster-charts.ts';
import {tunedTradeOffs} from '../../report/charts/tuned-trade-offs.ts';
import {type FoundRecord, findRecords} from '../../store/records/find-records.ts';
import {findTuning} from '../../store/results/read-tuning.ts';
import {compareSides} from '../compare.ts';
import {comparisonSides} from '../comparison-sides.ts';
import {simulateAll} from '../forecast.ts';
import type {UseCaseOptions} from '../use-case.ts';
import {curveReplications, loadPoint, loadVariants, targetVariants, tradeOffs} from './simulations.ts';
import {
	type KnownSubject,
	type MeasuredRecord,
	measuredProfile,
	type PosterQuestion,
	questions,
	readSubject,
} from './subjects.ts';

const replications = 20;

/** Runs of a subject one by one: the measured ones, and the simulator's with the very same requests. */
function posterRuns({experiment}: Pick<PosterSubject, 'experiment'>, records: readonly MeasuredRecord[]): PosterRuns {
	const schedule = new MeasuredSchedule(experiment);
	const simulated = Array.from({length: replications}, (_, replication) =>
		readRun(schedule.simulate(replication), experiment),
	);
	const measured = records.map(({recording}) => readRun(recording, experiment));
	const lines = measured.map(({replicas}) => replicas.line);
	return {
		replications,
		envelope: envelopeOf(
			simulated.map(({replicas}) => replicas.line),
			lines,
			{from: 0, to: experiment.duration},
		),
		lines: new Map(lines.map((line, index) => [records[index]!.folder, line])),
		latency: latencyPercentiles(simulated, measured),
		seen: utilizationSeries(simulated, measured.length === 0 ? simulated : measured),
	};
}

const comparedReplications = 40;

/** The comparison of the first subject that was measured with what may judge it. */
async function posterValidation(
	subjects: readonly KnownSubject[],
	{records, signal}: {readonly records: string; readonly signal: AbortSignal | undefined},
): Promise<ComparisonCharts | undefined> {
	for (const {experiment, path, measuredRecords} of subjects) {
		const {profile} = experiment;
		const sides =
			measuredRecords.length === 0
				? undefined
				: await comparisonSides([path], {profile, records}).catch(() => undefined); // none of them may judge
		if (sides !== undefined) {
			const comparison = await compareSides(
				{...sides, replications: comparedReplications},
				signal === undefined ? {} : {signal},
			);
			return {
				comparison,
				experiment,
				replications: comparedReplications,
				measured: measuredTimelines(sides),
				shown: comparisonFigures,
			};
		}
	}

	return undefined;
}

/** Record that was simulated for the poster itself, to be kept with it. */
export type FreshRecord = {readonly subject: PosterSubject; readonly recording: Recording};

type Gathered = {
	readonly evidence: PosterEvidence;
	readonly fresh: readonly FreshRecord[];
	/** Folders of the records that were found and used. */
	readonly folders: readonly string[];
	readonly found: readonly FoundRecord[];
};

type PosterEvidenceOptions = UseCaseOptions & {
	/** Folder in which records are looked for. */
	readonly records: string;
	/** Profile of the experiments; the one that was measured when left out, `none` for none. */
	readonly profile?: string | undefined;
};

/** Gathers all that the poster shows: from records, or simulated with few replications. */
export async function posterEvidence(
	{claims}: ClaimsFile,
	{records, profile: wanted, ...useCase}: PosterEvidenceOptions,
): Promise<Gathered> {
	const found = await findRecords(records);
	const profile = wanted ?? measuredProfile(found);
	const asked = {records: found, profile: profile === 'none' ? undefined : profile};
	const known = new Map<PosterQuestion, KnownSubject>();
	for (const question of questions) {
		known.set(question, await readSubject(question, asked));
	}

	const [{subjects, fresh, curve, grid}, validation] = await Promise.all([
		simulateMissing(known, {records, ...useCase}),
		posterValidation(judgedFirst(known), {records, signal: useCase.signal}),
	]);
	const subject = (question: PosterQuestion) => subjects.get(question)!;
	const runsOf = (question: PosterQuestion) => posterRuns(subject(question), known.get(question)!.measuredRecords);
	const costUnit = hourlyUnits(subject('cost-efficiency').experiment.prices.currency);
	const claimed = (id: string) => claims.find(claim => claim.id === id && costUnit.includes(claim.unit ?? ''))?.claimed;
	const evidence: PosterEvidence = {
		scaling: {...subject('dynamic-scaling'), runs: runsOf('dynamic-scaling')},
		resources: {...subject('resource-consumption'), runs: runsOf('resource-consumption')},
		cost: {
			...subject('cost-efficiency'),
			claimed: {dynamic: claimed('hourly-dynamic'), fixed: claimed('hourly-fixed')},
		},
		load: {...subject('performance-under-load'), points: curve, replications: curveReplications},
		tenants: subject('multi-tenant'),
		noisy: subject('multi-tenant-noisy-neighbour'),
		validation,
		tradeOffs: grid,
	};
	const folders = [...new Set([...known.values()].flatMap(({folders}) => folders))];
	return {evidence, fresh, folders, found};
}

/** The question of scaling is the one to be judged by, where it was measured. */
function judgedFirst(known: ReadonlyMap<PosterQuestion, KnownSubject>): KnownSubject[] {
	const scaling = known.get('dynamic-scaling')!;
	return [scaling, ...[...known.values()].filter(other => other !== scaling)];
}

/** Question whose settings are searched: the one on cost, unless it takes too long. */
function searched(known: ReadonlyMap<PosterQuestion, KnownSubject>): PosterQuestion {
	return known.get('cost-efficiency')!.experiment.duration <= longestSearched ? 'cost-efficiency' : 'dynamic-scaling';
}

/** [s] */
const longestSearched = 1800;

type KnownTuning = NonNullable<ReturnType<typeof findTuning>>;

type Completed = {
	readonly subjects: ReadonlyMap<PosterQuestion, PosterSubject>;
	readonly fresh: readonly FreshRecord[];
	readonly curve: PosterEvidence['load']['points'];
	readonly grid: PosterEvidence['tradeOffs'];
};

async function simulateMissing(
	known: ReadonlyMap<PosterQuestion, KnownSubject>,
	{records, ...useCase}: Omit<PosterEvidenceOptions, 'profile'>,
): Promise<Completed> {
	const missing = [...known].filter(([, {simulated}]) => simulated === undefined);
	const {experiment: own} = known.get(searched(known))!;
	const tuning = findTuning(records, [
		known.get('cost-efficiency')!.experiment.hash,
		known.get('dynamic-scaling')!.experiment.hash,
	]);
	const loads = loadVariants(known.get('performance-under-load')!.experiment);
	const settings = tuning === undefined ? targetVariants(own) : [];
	const wanted = missing.map(([, {experiment}]) => experiment);
	const simulated = await simulateAll(wanted, {...useCase, baselines: 'where short'});
	const results = await simulateAll([...loads, ...settings], useCase);
	const loaded = results.splice(0, loads.length);
	const subjects = new Map<PosterQuestion, PosterSubject>();
	const fresh: FreshRecord[] = [];
	for (const [question, subject] of known) {
		const own = simulated[missing.findIndex(([other]) => other === question)];
		const completed = completedSubject(subject, own);
		subjects.set(question, completed);
		fresh.push(
			...(own?.[0]?.recordings === undefined ? [] : [{subject: completed, recording: own[0].recordings.dynamic}]),
		);
	}

	return {
		subjects,
		fresh,
		curve: loads.map((experiment, index) => loadPoint(experiment, loaded[index]!)),
		grid:
			tuning === undefined
				? {
						experiment: own,
						candidates: tradeOffs(
							own,
							settings.map((experiment, index) => ({experiment, results: results[index]!})),
						),
						replications: curveReplications,
					}
				: tunedGrid(
						[...known.values()].find(({experiment: {hash}}) => hash === tuning.experiment.hash)!.experiment,
						tuning,
					),
	};
}

function tunedGrid(experiment: Experiment, {candidates, replications}: KnownTuning): PosterEvidence['tradeOffs'] {
	return {experiment, candidates: tunedTradeOffs(candidates, experiment.workload.timeout), replications};
}

function completedSubject(
	{experiment, simulated, measured}: KnownSubject,
	results: readonly ReplicationResult[] | undefined,
): PosterSubject {
	return {experiment, simulated: simulated ?? summarize(experiment, results!), measured};
}
