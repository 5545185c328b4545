import type {Experiment} from '../experiment/experiment.ts';
import type {FigureComparison} from './compare-figures.ts';

export type Verdict = 'VALID' | 'NOT VALID' | 'CANNOT SAY';

/** Whether the forecast holds, and which figures say otherwise. */
export type Judgement = {
	readonly verdict: Verdict;
	/** Figures with a tolerance that are outside it. */
	readonly failing: readonly string[];
	/** Figures with a tolerance whose interval is too wide, or that no run has. */
	readonly unclear: readonly string[];
	/** Figures with a tolerance that the verdict rests on. */
	readonly judged: readonly string[];
	/** Figures with a tolerance that the measured records do not hold: they are left out of the verdict. */
	readonly unmeasured: readonly string[];
};

/** Figures that exist only where replicas changed; that they did is judged by others. */
const lags: readonly string[] = ['scaleLag', 'p95ScaleLag'];

/**
 * Valid when every tolerance that the records can judge is shown to be kept, not valid when one is shown to be broken.
 *
 * @param measured - `hasEvents`: whether the measured replicas ever changed; `lacking`: figures that the records do not hold
 */
export function judge(
	figures: Readonly<Record<string, FigureComparison>>,
	{accept}: Pick<Experiment, 'accept'>,
	{hasEvents, lacking}: {readonly hasEvents: boolean; readonly lacking: readonly string[]},
): Judgement {
	const unmeasured = Object.keys(accept).filter(name => lacking.includes(name));
	const judged = Object.keys(accept).filter(name => !unmeasured.includes(name) && (hasEvents || !lags.includes(name)));
	const verdictOf = (name: string) => figures[name]?.verdict ?? 'unclear';
	const failing = judged.filter(name => verdictOf(name) === 'outside');
	const unclear = judged.filter(name => verdictOf(name) === 'unclear');
	const isOpen = unclear.length > 0 || judged.length === 0;
	return {
		verdict: failing.length > 0 ? 'NOT VALID' : isOpen ? 'CANNOT SAY' : 'VALID',
		failing,
		unclear,
		judged,
		unmeasured,
	};
}
