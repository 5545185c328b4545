import {mean} from 'simple-statistics';
import type {FigureComparison} from './compare-figures.ts';
import {type ControllerCheck, causesOf} from './controller-check.ts';
import type {MissCause} from './miss-cause.ts';
import type {Part, PartCheck} from './part-checks.ts';

/** Errors of every figure in one corner. */
type CornerErrors = Readonly<Record<string, {readonly error: number | null; readonly absoluteError: number | null}>>;

/** Sources of the error, in three corners. */
export type Triangle = {
	/** The measured samples through the autoscaler alone. */
	readonly a: {
		readonly decisions: number;
		readonly matches: number;
		/** Decisions that no record holds the inputs of. */
		readonly unchecked: number;
		readonly share: number | null;
		readonly causes: readonly {readonly cause: MissCause; readonly count: number}[];
		readonly records: readonly ControllerCheck[];
	};
	/** Measured times in service in the simulator. */
	readonly b: CornerErrors;
	/** Everything modelled. */
	readonly c: CornerErrors;
	readonly parts: readonly PartCheck[];
	/** The parts that the error comes from; `unexplained` when figures are off and every part is as measured. */
	readonly source: readonly {readonly part: Part | 'unexplained'; readonly because: string}[];
};

/** Fewer of the decisions than this found again blame the controller. */
const leastShare = 0.99;

type Corners = {
	readonly controller: readonly ControllerCheck[];
	readonly parts: readonly PartCheck[];
	/** By repeat: the figures with its own times in service. */
	readonly withMeasuredService: readonly Readonly<Record<string, FigureComparison>>[];
	readonly modelled: Readonly<Record<string, FigureComparison>>;
	/** Word for the other side; `measured` when left out. */
	readonly kind?: 'measured' | 'emulated';
};

/** Puts the corners together and says which part the error comes from. */
export function triangleOf({controller, parts, withMeasuredService, modelled, kind = 'measured'}: Corners): Triangle {
	const decisions = sum(controller.map(check => check.decisions));
	const matches = sum(controller.map(check => check.matches));
	const unchecked = sum(controller.flatMap(check => check.unchecked.map(({count}) => count)));
	const checked = decisions - unchecked;
	const share = checked === 0 ? null : matches / checked;
	const causes = causesOf(controller).map(([cause, count]) => ({cause, count}));
	const [b, c] = [cornerErrors(withMeasuredService), cornerErrors([modelled])];
	const found = [
		...(share !== null && share < leastShare
			? [{part: 'controller' as const, because: controllerWords(checked - matches, checked, {causes, kind})}]
			: []),
		...parts.filter(({differs}) => differs).map(check => ({part: check.part, because: partWords(check, kind, [b, c])})),
	];
	const isOff = Object.values(modelled).some(({verdict}) => verdict === 'outside');
	const unexplained = {
		part: 'unexplained' as const,
		because: `figures are outside their tolerance, and yet the parts that can be looked at by themselves are as ${kind}`,
	};
	return {
		a: {decisions, matches, unchecked, share, causes, records: controller},
		b,
		c,
		parts,
		source: found.length === 0 && isOff ? [unexplained] : found,
	};
}

function cornerErrors(comparisons: Corners['withMeasuredService']): CornerErrors {
	const names = Object.keys(comparisons[0] ?? {});
	return Object.fromEntries(
		names.map(name => [
			name,
			{
				error: meanOf(comparisons.map(figures => figures[name]?.error?.value)),
				absoluteError: meanOf(comparisons.map(figures => figures[name]?.absoluteError)),
			},
		]),
	);
}

function controllerWords(
	misses: number,
	decisions: number,
	{causes, kind}: {readonly causes: Triangle['a']['causes']; readonly kind: string},
): string {
	const causeWords = causes.map(({cause, count}) => `${count} × ${cause}`).join(', ');
	return `${misses} of ${decisions} decisions come out otherwise from the ${kind} samples: ${causeWords}`;
}

function partWords(
	{part, measure, comparison}: PartCheck,
	kind: string,
	[b, c]: readonly [CornerErrors, CornerErrors],
): string {
	const number = (value: number | undefined) => (value === undefined ? 'none' : Number(value.toPrecision(3)));
	const {simulated, measured, unit} = comparison;
	const words = `${measure} is ${number(simulated?.mean)} simulated, ${number(measured?.mean)} ${kind} [${unit}]`;
	const [before, after] = [c['p95']?.absoluteError, b['p95']?.absoluteError];
	return part === 'service' && before != null && after != null && after < before
		? `${words}; with the ${kind} times the error of p95 is ${number(after)} s instead of ${number(before)} s`
		: words;
}

function meanOf(values: readonly (number | null | undefined)[]): number | null {
	const present = values.filter(value => value != null);
	return present.length === 0 ? null : mean(present);
}

function sum(values: readonly number[]): number {
	return values.reduce((total, value) => total + value, 0);
}
