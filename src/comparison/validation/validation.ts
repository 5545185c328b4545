import type {ModelProvenance} from '../../experiment/coefficient.ts';
import {type Experiment, experimentTitle} from '../../experiment/experiment.ts';
import type {Arm} from '../../records/record.ts';
import type {RecordStanding} from '../admit.ts';
import type {Comparison} from '../compare.ts';
import type {Verdict} from '../compare-figures.ts';
import type {ComparedFigureName} from '../figure-table.ts';
import type {EmulatedEvidence} from './emulated-evidence.ts';
import {figureError, type Goal, type GoalOutcome, type GoalVerdict, goals} from './goals.ts';

/** Measured record, and its standing in its experiment. */
export type RecordEvidence = {
	readonly folder: string;
	readonly hash: string;
	readonly arm: Arm;
	readonly repeat: number;
	/** In UTC, to the second; null where it is not known. */
	readonly measuredAt: string | null;
	readonly standing: RecordStanding;
};

/** Measurements of one experiment, and the simulator's comparison with them. */
export type ExperimentEvidence = {
	readonly experiment: Pick<Experiment, 'name' | 'hash' | 'profile' | 'seed'>;
	readonly file: string;
	readonly models: readonly ModelProvenance[];
	readonly records: readonly RecordEvidence[];
	/** With the records that may judge; null when there is none. */
	readonly comparison: Comparison | null;
	/** The campaign that the records belong to, where it calibrated models of its own: `comparison` is by those. */
	readonly campaign?: CampaignEvidence;
	/** Comparisons with the records that the models were fitted to, arm by arm. */
	readonly inSample: readonly {readonly arm: Arm; readonly comparison: Comparison}[];
};

/** Campaign of an experiment's records. */
export type CampaignEvidence = {
	readonly folder: string;
	/** Changes that put its models into the experiment, `path=value` each. */
	readonly set: readonly string[];
	/** Comparison of the same records by the models of the experiment's file, of another machine. */
	readonly withoutCalibration: Comparison;
};

/** A measured record whose experiment is not there. */
type Stranger = {readonly folder: string; readonly name: string; readonly hash: string};

export type ValidationEvidence = {
	/** Replications of the simulator, in each comparison. */
	readonly replications: number;
	readonly experiments: readonly ExperimentEvidence[];
	readonly strangers: readonly Stranger[];
	/** Checks of the controller by emulated replays; left out where there is none. */
	readonly emulated?: readonly EmulatedEvidence[];
	/** Experiments that come with the package and of which no record is there. */
	readonly unmeasured: readonly string[];
};

export type ValidatedExperiment = ExperimentEvidence & {
	readonly title: string;
	/** Null where no record may judge. */
	readonly verdict: Verdict | null;
	/** By goal; a goal that the experiment has no figure for is left out. */
	readonly outcomes: Readonly<Record<string, GoalOutcome>>;
	readonly orders: Readonly<Record<string, FreezeOrder>>;
};

/** Results of the experiments for one goal. */
export type GoalSummary = {
	readonly name: string;
	readonly title: string;
	readonly figure: ComparedFigureName | null;
	readonly limit: number | null;
	readonly unit: string;
	/** Met when every experiment that can be judged meets it; open when none can be judged. */
	readonly verdict: GoalVerdict;
	/** Titles of the experiments by verdict. */
	readonly experiments: Readonly<Record<GoalVerdict, readonly string[]>>;
};

export type Validation = Omit<ValidationEvidence, 'experiments'> & {
	/** Valid when every experiment that was judged is. */
	readonly verdict: Verdict;
	readonly goals: readonly GoalSummary[];
	readonly experiments: readonly ValidatedExperiment[];
};

/** Kinds of models that say how the cluster behaves: later than these a record is new to the simulator. */
const behaviours: readonly string[] = ['ServiceModel', 'StartupModel', 'MetricsModel'];

/** Judges the evidence by the goals. */
export function judgeEvidence(evidence: ValidationEvidence): Validation {
	const experiments = evidence.experiments.map(validated);
	return {
		...evidence,
		verdict: verdictOf(experiments.flatMap(({verdict}) => verdict ?? [])),
		goals: goals.map(goal => summaryOf(goal, experiments)),
		experiments,
	};
}

function validated(evidence: ExperimentEvidence): ValidatedExperiment {
	const {models, records, comparison} = evidence;
	const dates = models.filter(({kind}) => behaviours.includes(kind)).map(({date}) => date);
	const outcomes = goals.flatMap(({name, judge}) => {
		const outcome = comparison === null ? undefined : judge(comparison);
		return outcome === undefined ? [] : [[name, outcome] as const];
	});
	return {
		...evidence,
		title: titleOf(evidence),
		verdict: comparison?.verdict ?? null,
		outcomes: Object.fromEntries(outcomes),
		orders: Object.fromEntries(records.map(({folder, measuredAt}) => [folder, freezeOrder(measuredAt, dates)])),
	};
}

/** `ramp (validation, campaign)` */
function titleOf({experiment: {name, profile}, campaign}: ExperimentEvidence): string {
	const parts = [profile, campaign && lastName(campaign.folder)].filter(part => part !== undefined);
	return experimentTitle({name, ...(parts.length > 0 && {profile: parts.join(', ')})});
}

function lastName(folder: string): string {
	return folder.split(/[\\/]/).at(-1)!;
}

function verdictOf(verdicts: readonly Verdict[]): Verdict {
	if (verdicts.includes('NOT VALID')) {
		return 'NOT VALID';
	}

	return verdicts.length === 0 || verdicts.includes('CANNOT SAY') ? 'CANNOT SAY' : 'VALID';
}

function summaryOf({name, title, figure, limit, unit}: Goal, experiments: readonly ValidatedExperiment[]): GoalSummary {
	const titles = (verdict: GoalVerdict) =>
		experiments.filter(({outcomes}) => outcomes[name]?.verdict === verdict).map(experiment => experiment.title);
	const by = {met: titles('met'), missed: titles('missed'), open: titles('open')};
	const isOpen = by.open.length > 0 || by.met.length === 0;
	return {
		name,
		title,
		figure,
		limit,
		unit,
		verdict: by.missed.length > 0 ? 'missed' : isOpen ? 'open' : 'met',
		experiments: by,
	};
}

/** Order of a record's measurement and the freeze of the models. */
export type FreezeOrder =
	/** After every model. */
	| 'after'
	/** Before one of them. */
	| 'before'
	/** On the same day, or in the same minute, as one of them, and after the others. */
	| 'same'
	| 'unknown';

/**
 * Whether a record was measured after the models had their values.
 *
 * @param measuredAt - in UTC, to the second; null where it is not known
 * @param dates - of the models: a day, or a minute in UTC; null where a model names none
 */
export function freezeOrder(measuredAt: string | null, dates: readonly (string | null)[]): FreezeOrder {
	if (measuredAt === null || dates.length === 0) {
		return 'unknown';
	}

	const orders = dates.map(date => (date === null ? 'unknown' : orderOf(measuredAt, date)));
	return (['before', 'unknown', 'same'] as const).find(order => orders.includes(order)) ?? 'after';
}

/** Compared as far as the model's date goes. */
function orderOf(measuredAt: string, date: string): FreezeOrder {
	const frozen = date.replace('Z', '');
	const measured = measuredAt.slice(0, frozen.length);
	return measured === frozen ? 'same' : measured > frozen ? 'after' : 'before';
}

/** Figure in the records that the models were fitted to, beside the records that they never saw. */
export type SampledFigure = {
	readonly name: ComparedFigureName;
	readonly label: string;
	/** A fraction of the measured mean, instead of in the figure's unit. */
	readonly isRelative: boolean;
};

export const sampledFigures: readonly SampledFigure[] = [
	{name: 'meanLatency', label: 'mean latency', isRelative: true},
	{name: 'p95', label: 'latency p95', isRelative: true},
	{name: 'cpuUtilization', label: 'CPU', isRelative: true},
	{name: 'podHours', label: 'pod-hours', isRelative: true},
	{name: 'replicasMeanAbsoluteError', label: 'replicas', isRelative: false},
];

/** Mean absolute error of a figure over all experiments; null where none has it. */
export function meanSampleError(
	experiments: readonly ExperimentEvidence[],
	figure: SampledFigure,
	sample: 'in' | 'out',
): {readonly value: number; readonly count: number} | null {
	const comparisons = experiments.flatMap(({comparison, inSample}) =>
		sample === 'in' ? inSample.map(part => part.comparison) : (comparison ?? []),
	);
	const errors = comparisons.flatMap(comparison => figureError(comparison, figure.name, figure) ?? []);
	const sum = errors.reduce((total, {value}) => total + Math.abs(value), 0);
	return errors.length === 0 ? null : {value: sum / errors.length, count: errors.length};
}
