import * as z from 'zod';
import {choice, FilePath, judged, number, Text} from '../experiment/leaves.ts';

const idRule = 'an id of small letters, digits and hyphens';
const Id = z.string({error: idRule}).regex(/^[a-z][a-z0-9]*(?:-[a-z0-9]+)*$/, {error: idRule});
const FormulaText = Text.describe('Formula over claims and figures');
const UnitText = z
	.union([z.string().regex(/./s), z.literal(1)], {error: 'a unit such as $/h, requests/s or 1'})
	.transform(String);
const Settings = z.array(Text, {error: 'a list of path=value'}).prefault([]);

const FigureOfExperiment = {
	file: FilePath.describe('Path of the experiment'),
	profile: Text.describe('Profile of the experiment that is applied').exactOptional(),
	set: Settings.describe('Values of the experiment that are changed, path=value'),
	figure: Text.describe(
		'Key of the summary such as dynamic.latencySeconds.p95, or experiment. and one of the experiment',
	),
};

const Check = z
	.strictObject({
		that: FormulaText.describe('What is compared; the claim itself when left out').exactOptional(),
		atMost: FormulaText.exactOptional(),
		atLeast: FormulaText.exactOptional(),
		equals: FormulaText.exactOptional(),
		within: number({min: 0}).describe('How far equals may be off, a fraction').default(0.005),
		because: Text.describe('What follows when it does not hold').exactOptional(),
	})
	.describe('A condition that other claims set');

const Implication = z.strictObject({
	text: Text.describe('What the claim would take or mean'),
	formula: FormulaText,
	unit: UnitText.describe('Unit of the value'),
});

const Measured = z
	.strictObject({
		...FigureOfExperiment,
		is: choice('equals', 'atLeast', 'atMost').default('equals').describe('What the measured figure has to be'),
		within: number({min: 0}).describe('How far it may be off, in the claim’s unit').exactOptional(),
	})
	.describe('A figure of measured records that could contradict the claim');

const Claim = judged(
	z.strictObject({
		id: Id.describe('Name of the claim in formulas and in the answer'),
		text: Text.describe('The claim in the publication’s words'),
		where: Text.describe('Where it stands').exactOptional(),
		claimed: number().describe('The published figure; left out for a claim in words').exactOptional(),
		unit: UnitText.describe('Its unit').exactOptional(),
		within: number({min: 0})
			.describe('How far a figure may be off, in the claim’s unit; default: half of the last digit')
			.exactOptional(),
		formula: FormulaText.describe('How it follows from other claims; it is judged by that alone').exactOptional(),
		experiment: z.strictObject(FigureOfExperiment).describe('The figure that a simulation gives').exactOptional(),
		checks: z.array(Check, {error: 'a list of checks'}).prefault([]).describe('What other claims say about it'),
		assumes: Text.describe('What it rests on that the publication does not show').exactOptional(),
		needs: Text.describe('What would have to be measured').exactOptional(),
		implies: z.array(Implication, {error: 'a list of implications'}).prefault([]).describe('What would follow'),
		measured: Measured.exactOptional(),
	}),
	['claimed', 'unit'],
	({claimed, unit}) =>
		claimed !== undefined && unit === undefined ? {path: ['unit'], rule: 'given beside claimed'} : undefined,
);

const ClaimFigure = judged(
	z.strictObject({
		id: Id.describe('Name of the figure in formulas'),
		text: Text.describe('What it is'),
		value: number().describe('The figure itself').exactOptional(),
		unit: UnitText.describe('Its unit; an experiment’s figure brings its own').exactOptional(),
		source: Text.describe('Where the value comes from').exactOptional(),
		experiment: z.strictObject(FigureOfExperiment).describe('The simulation that gives it').exactOptional(),
	}),
	['value', 'unit', 'source', 'experiment'],
	({value, unit, source, experiment}) => {
		if ((value === undefined) === (experiment === undefined)) {
			return {path: [], rule: 'a figure with either a value or an experiment'};
		}

		return value !== undefined && (unit === undefined || source === undefined)
			? {path: [unit === undefined ? 'unit' : 'source'], rule: 'given beside value'}
			: undefined;
	},
);

/** A claims file: the figures of a publication, and how each follows. */
export const ClaimsFile = z
	.strictObject({
		apiVersion: z.literal('replicast/v1', {error: 'replicast/v1'}).describe('Version of the form'),
		kind: z.literal('Claims', {error: 'Claims'}).describe('What the file is'),
		name: Text.describe('Name that reports give'),
		publication: Text.describe('What was published, by whom and where'),
		notes: Text.describe('What was assumed').exactOptional(),
		units: z
			.array(z.string().regex(/^[A-Za-z]+$/, {error: 'a name of letters'}), {error: 'a list of names'})
			.prefault([])
			.describe('Further names of what is counted'),
		figures: z
			.array(ClaimFigure, {error: 'a list of figures'})
			.prefault([])
			.describe('What formulas use that nobody claims'),
		claims: z.array(Claim, {error: 'a list of claims'}).min(1, {error: 'a list of at least one claim'}),
	})
	.describe('Published figures, and how each follows');

export type ClaimsFile = z.output<typeof ClaimsFile>;
export type Claim = ClaimsFile['claims'][number];
export type ClaimFigure = ClaimsFile['figures'][number];
export type Check = Claim['checks'][number];

/** A figure of an experiment's summary. */
export type FigureReference = {
	readonly file: string;
	readonly profile?: string;
	readonly set: readonly string[];
	readonly figure: string;
	/** Currency of the experiment's prices, a code of ISO 4217; dollars when left out. */
	readonly currency?: string;
};
