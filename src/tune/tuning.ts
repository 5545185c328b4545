import * as z from 'zod';
import {hpaObject, replayedHpa} from '../autoscaler/hpa-manifest.ts';
import {currencySign} from '../experiment/currency.ts';
import type {Experiment} from '../experiment/experiment.ts';
import {EstimateForm} from '../forecast/summary.ts';
import {provenanceForm, type RunProvenance} from '../records/provenance.ts';
import {candidateNamed} from './given-candidates.ts';
import {boundsKeptBy, keptIn, objectives, parseConstraint, type TuneGoal} from './goal.ts';
import type {Value} from './knob.ts';
import {losses} from './race.ts';
import type {Scaling} from './scaling.ts';
import {searchEnds} from './search.ts';
import type {Correctness} from './selection/contest.ts';
import type {Space} from './space.ts';

/** Value of a setting. */
export const ValueForm = z.union([z.number(), z.string()]) satisfies z.ZodType<Value>;

/** Reported candidate. Dollars an hour, seconds, watt-hours of a run, pods that came or went an hour. */
export const TuningCandidate = z.object({
	/** `present`, `kubernetes-default`, or a digest of its settings. */
	name: z.string(),
	settings: z.record(z.string(), ValueForm),
	costPerHour: EstimateForm,
	p95Seconds: EstimateForm,
	sloMisses: EstimateForm,
	availability: EstimateForm,
	churn: EstimateForm,
	energy: EstimateForm,
	replicas: EstimateForm,
	/** Times of an engine's tokens; left out of other services. */
	ttftP95Seconds: EstimateForm.exactOptional(),
	tpotP95Seconds: EstimateForm.exactOptional(),
	itlP95Seconds: EstimateForm.exactOptional(),
	/** Completed requests that keep the objective. */
	goodputPerSecond: EstimateForm.exactOptional(),
	/** Whether it keeps every bound in these replications: by the mean, or in as many of them as it is to be. */
	meetsGoal: z.boolean(),
	/** Probability that it truly does, by these replications. */
	feasibility: z.number(),
	/** Share of these replications that keep each bound, by its text. */
	keptShares: z.record(z.string(), z.number()).exactOptional(),
	/** Latency p95 that as many of these replications keep as are to keep the bounds. */
	p95InShare: z.number().exactOptional(),
	/** Whether no other reported candidate is as good in all of cost, latency, churn and energy. */
	onFront: z.boolean(),
	present: z.boolean(),
	default: z.boolean(),
	recommended: z.boolean(),
	/** Whether its figures are of replications that the search has not seen. */
	heldOut: z.boolean(),
	/** Replications behind its figures. */
	replications: z.number(),
	/** Conditions of the space that it breaks: it is shown to be compared with, and never recommended. */
	breaks: z.array(z.string()).readonly().exactOptional(),
	/** Reason why the search gave it up. */
	loss: z.enum(losses).exactOptional(),
});

export type TuningCandidate = z.infer<typeof TuningCandidate>;

/** Effect of another value of one setting, all others as recommended. */
const ValueChange = z.object({
	value: ValueForm,
	/** Changed minus recommended, pair by pair over the same replications. */
	difference: z.object({
		costPerHour: EstimateForm,
		p95Seconds: EstimateForm,
		churn: EstimateForm,
		energy: EstimateForm,
	}),
	meetsGoal: z.boolean(),
});

export type ValueChange = z.infer<typeof ValueChange>;

/** Influence of one setting on the objective. */
const Sensitivity = z.object({
	setting: z.string(),
	recommended: ValueForm,
	/** Largest change of the objective, as a share of it. */
	effect: z.number(),
	/** Whether some value of it breaks the goal. */
	breaksGoal: z.boolean(),
	changes: z.array(ValueChange).readonly(),
});

export type Sensitivity = z.infer<typeof Sensitivity>;

/** Candidate that may be better than the recommended one, where the budget left it open. */
const UndecidedCandidate = z.object({
	name: z.string(),
	settings: z.record(z.string(), ValueForm),
	/** Its objective less the recommended one's, as a share of that: negative. */
	difference: z.number(),
	/** Probability that it keeps the bounds, and the replications of the search behind it. */
	feasibility: z.number(),
	replications: z.number(),
});

export type UndecidedCandidate = z.infer<typeof UndecidedCandidate>;

/** Best candidate where the mean of the runs alone had to keep the bounds, and what the recommended one takes more of the objective. */
const Robustness = z.object({
	name: z.string(),
	settings: z.record(z.string(), ValueForm),
	objective: EstimateForm,
	more: EstimateForm,
	fraction: EstimateForm,
	/** Share of the runs that keep all bounds. */
	keptShare: z.number(),
});

export type Robustness = z.infer<typeof Robustness>;

const AnyObject = z.record(z.string(), z.unknown());

/** `tune.json`, which `tune --json` prints. */
export const TuningDocument = z.object({
	apiVersion: z.literal('replicast/v1'),
	kind: z.literal('Tuning'),
	experiment: z.object({name: z.string(), profile: z.string().exactOptional(), hash: z.string()}),
	kubernetes: z.string(),
	space: z.string(),
	minimize: z.enum(objectives),
	subjectTo: z.array(z.string()).readonly(),
	/** Share of the runs that is to keep each bound, over machines, coefficients and loads; left out where the mean is to. */
	boundsKept: z.number().exactOptional(),
	seed: z.number(),
	end: z.enum(searchEnds),
	/** Runs of the search; those of the report came on top. */
	runs: z.number(),
	replications: z.number(),
	/** Least probability that the recommended candidate keeps the bounds and that no other one that was tried keeps them with less. */
	probabilityOfCorrectSelection: z.number(),
	/** Probability of the same, where one that is better by no more than `within` does not count. */
	probabilityOfGoodSelection: z.object({probability: z.number(), within: z.number()}),
	/** Largest probability that the recommended candidate misses a bound, which those above count. */
	doubtOfBounds: z.number().exactOptional(),
	/** Candidates that were tried, and whether they are all of the space. */
	tried: z.object({candidates: z.number(), isAll: z.boolean()}).exactOptional(),
	/** Candidates with less of the objective of which it is open whether they keep the bounds, the least first. */
	undecided: z.array(UndecidedCandidate).readonly().exactOptional(),
	/** Left out where the mean is to keep the bounds, or nothing keeps them. */
	robustness: Robustness.exactOptional(),
	units: z.record(z.string(), z.string()),
	/** Probability that the recommended candidate keeps the bounds, by the replications of the search. */
	probabilityOfKeepingBounds: z.object({
		feasibility: z.number(),
		replications: z.number(),
		/** Share of these replications that keep each bound, by its text; left out where the mean is to keep them. */
		keptShares: z.record(z.string(), z.number()).exactOptional(),
	}),
	/** Whether a setting that keeps the bounds was found; nothing is recommended without one. */
	keepsBounds: z.boolean(),
	recommended: z
		.object({autoscaler: AnyObject, containers: z.array(AnyObject).readonly(), serving: AnyObject.exactOptional()})
		.nullable(),
	/** Settings that keep their present value, since the better one of the search made no significant difference. */
	kept: z.array(z.string()).readonly(),
	/** Effect of the present value of each setting that differs: present minus recommended, pair by pair. */
	changes: z.array(z.object({setting: z.string(), difference: EstimateForm, meetsGoal: z.boolean()})).readonly(),
	/** Savings of the recommended candidate against the present one, pair by pair. */
	saved: z.object({costPerHour: EstimateForm, fraction: EstimateForm}),
	/** The recommended one first, or the one that comes nearest to the bounds; then the present one and Kubernetes' defaults, then by cost. */
	candidates: z.array(TuningCandidate).min(1).readonly(),
	sensitivity: z.array(Sensitivity).readonly(),
	/** Files, options and program that the figures depend on, the space's file among them. */
	provenance: provenanceForm.exactOptional(),
});

export type TuningDocument = z.infer<typeof TuningDocument>;

type Kept =
	| 'space'
	| 'seed'
	| 'end'
	| 'runs'
	| 'keepsBounds'
	| 'kept'
	| 'changes'
	| 'saved'
	| 'candidates'
	| 'sensitivity'
	| 'tried'
	| 'undecided'
	| 'robustness';

/** Result of a tuning. */
export type Tuning = Pick<TuningDocument, Kept> & {
	readonly goal: TuneGoal;
	readonly correctness: Correctness;
	/** Scaling of the first candidate: recommended where `keepsBounds`, else the one that comes nearest. */
	readonly recommended: Scaling;
	readonly found: TuningDocument['probabilityOfKeepingBounds'];
};

/** Key of a candidate's objective among its figures. */
export function objectiveKey({minimize}: TuneGoal): 'costPerHour' | 'energy' | 'p95Seconds' {
	return minimize === 'energyWattHours' ? 'energy' : minimize;
}

/** Document of a tuning, with the release of the cluster. */
export function tuningDocument(
	{name, profile, hash, replications, prices}: Experiment,
	tuning: Tuning,
	{kubernetes, provenance}: {readonly kubernetes: string; readonly provenance?: RunProvenance},
): TuningDocument {
	const {space, goal, seed, end, runs, correctness, recommended, found, saved, candidates, sensitivity} = tuning;
	const {keepsBounds, kept, changes, tried, undecided, robustness} = tuning;
	const boundsKept = boundsKeptBy(goal);
	return {
		apiVersion: 'replicast/v1',
		kind: 'Tuning',
		experiment: {name, ...(profile !== undefined && {profile}), hash},
		kubernetes,
		space,
		minimize: goal.minimize,
		subjectTo: goal.constraints.map(({text}) => text),
		...(boundsKept !== 'mean' && {boundsKept}),
		seed,
		end,
		runs,
		replications,
		probabilityOfCorrectSelection: correctness.correct,
		probabilityOfGoodSelection: {probability: correctness.good, within: correctness.within},
		...(correctness.doubt !== undefined && {doubtOfBounds: correctness.doubt}),
		...(tried !== undefined && {tried}),
		...(undecided !== undefined && {undecided}),
		...(robustness !== undefined && {robustness}),
		units: {...units, costPerHour: `${currencySign(prices.currency)}/h`},
		probabilityOfKeepingBounds: found,
		keepsBounds,
		recommended: keepsBounds ? recommendedParts(recommended) : null,
		kept,
		changes,
		saved,
		candidates,
		sensitivity,
		...(provenance !== undefined && {provenance}),
	};
}

function recommendedParts(scaling: Scaling) {
	const {containers, serving} = scaling;
	const autoscaler = manifestSpecOf(scaling);
	return {autoscaler, containers, ...(serving !== undefined && {serving})};
}

/** Spec of the HPA, or the settings of the ScaledObject that makes it. */
function manifestSpecOf({autoscaler, keda}: Scaling): Record<string, unknown> {
	return {...(keda ?? hpaObject(autoscaler, replayedHpa).spec)};
}

const units = {
	costPerHour: '',
	p95Seconds: 's',
	sloMisses: '1',
	availability: '1',
	churn: 'pods/h',
	energy: 'Wh',
	replicas: 'pods',
};

/**
 * Tuning as it was when its document was written.
 *
 * @returns undefined for the document of another space
 */
export function tuningOf(document: TuningDocument, space: Space): Tuning | undefined {
	const {minimize, subjectTo, boundsKept = 'mean', candidates, probabilityOfGoodSelection} = document;
	const recommended = candidateNamed(space, candidates[0]!);
	if (recommended === undefined || !candidates.some(({present}) => present) || document.space !== space.name) {
		return undefined;
	}

	const {probability: good, within} = probabilityOfGoodSelection;
	const {probabilityOfCorrectSelection: correct, doubtOfBounds: doubt} = document;
	return {
		...document,
		goal: {minimize, constraints: keptIn(subjectTo.map(parseConstraint), boundsKept)},
		correctness: {correct, good, within, ...(doubt !== undefined && {doubt})},
		recommended: recommended.scaling,
		found: document.probabilityOfKeepingBounds,
	};
}
