import type {ClaimsFile} from '../audit/claims-file.ts';
import type {PosterEvidence, PosterSubject} from '../charts/poster-charts.ts';
import {hourlyUnits} from '../experiment/currency.ts';
import {type FoundRecord, findRecords} from '../files/find-records.ts';
import {findTuning} from '../files/find-tuning.ts';
import {type ReplicationResult, summarize} from '../forecast/forecast.ts';
import type {Recording} from '../records/record.ts';
import type {PosterOptions} from './poster-options.ts';
import {posterRuns} from './poster-runs.ts';
import {
	curveReplications,
	loadPoint,
	loadVariants,
	quick,
	simulateAll,
	targetVariants,
	tradeOffs,
} from './poster-simulations.ts';
import {type KnownSubject, measuredProfile, type Question, questions, readSubject} from './poster-subjects.ts';
import {posterValidation} from './poster-validation.ts';
import {tunedTradeOffs} from './tuned-trade-offs.ts';

/** What was simulated for the poster itself, to be kept with it. */
export type FreshRecord = {readonly subject: PosterSubject; readonly recording: Recording};

export type Gathered = {
	readonly evidence: PosterEvidence;
	readonly fresh: readonly FreshRecord[];
	/** Folders of the records that were found and used. */
	readonly folders: readonly string[];
	readonly found: readonly FoundRecord[];
};

/** All that the poster shows: read off records, or simulated with few replications. */
export async function posterEvidence(options: PosterOptions, {claims}: ClaimsFile): Promise<Gathered> {
	const found = await findRecords(options.records);
	const profile = options.profile ?? measuredProfile(found);
	const asked = {records: found, profile: profile === 'none' ? undefined : profile};
	const known = new Map<Question, KnownSubject>();
	for (const question of questions) {
		known.set(question, await readSubject(question, asked));
	}

	const [{subjects, fresh, curve, grid}, validation] = await Promise.all([
		simulateMissing(known, options.records),
		posterValidation(judgedFirst(known), options.records),
	]);
	const subject = (question: Question) => subjects.get(question)!;
	const runsOf = (question: Question) => posterRuns(subject(question), known.get(question)!.measuredRecords);
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
function judgedFirst(known: ReadonlyMap<Question, KnownSubject>): KnownSubject[] {
	const scaling = known.get('dynamic-scaling')!;
	return [scaling, ...[...known.values()].filter(other => other !== scaling)];
}

/** The question whose settings are searched: that of cost, unless it takes too long. */
function searched(known: ReadonlyMap<Question, KnownSubject>): Question {
	return known.get('cost-efficiency')!.experiment.duration <= longestSearched ? 'cost-efficiency' : 'dynamic-scaling';
}

/** [s] */
const longestSearched = 1800;

type Completed = {
	readonly subjects: ReadonlyMap<Question, PosterSubject>;
	readonly fresh: readonly FreshRecord[];
	readonly curve: PosterEvidence['load']['points'];
	readonly grid: PosterEvidence['tradeOffs'];
};

async function simulateMissing(known: ReadonlyMap<Question, KnownSubject>, records: string): Promise<Completed> {
	const missing = [...known].filter(([, {simulated}]) => simulated === undefined);
	const {experiment: own} = known.get(searched(known))!;
	const tuning = findTuning(records, [
		known.get('cost-efficiency')!.experiment.hash,
		known.get('dynamic-scaling')!.experiment.hash,
	]);
	const loads = loadVariants(known.get('performance-under-load')!.experiment);
	const settings = tuning === undefined ? targetVariants(own) : [];
	const wanted = missing.map(([, {experiment}]) => quick(experiment));
	const results = await simulateAll([...wanted, ...loads, ...settings]);
	const played = results.splice(0, wanted.length);
	const loaded = results.splice(0, loads.length);
	const subjects = new Map<Question, PosterSubject>();
	const fresh: FreshRecord[] = [];
	for (const [question, subject] of known) {
		const own = played[missing.findIndex(([other]) => other === question)];
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
				: {
						experiment: [...known.values()].find(({experiment: {hash}}) => hash === tuning.experiment.hash)!.experiment,
						candidates: tunedTradeOffs(tuning.candidates),
						replications: tuning.replications,
					},
	};
}

function completedSubject(
	{experiment, simulated, measured}: KnownSubject,
	played: readonly ReplicationResult[] | undefined,
): PosterSubject {
	return {experiment, simulated: simulated ?? summarize(experiment, played!), measured};
}
