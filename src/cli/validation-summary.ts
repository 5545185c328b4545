import type {Validation} from '../validation/validation.ts';
import {wrapWords} from './wrap-words.ts';

const width = 110;

/** The verdicts and the goals, as they are printed for people. */
export function validationSummary({verdict, experiments, goals}: Validation): string {
	const judged = experiments.filter(experiment => experiment.verdict !== null);
	const longest = Math.max(...judged.map(({title}) => title.length));
	return [
		...judged.flatMap(({title, verdict: own, comparison}) =>
			wrapWords(
				`${title.padEnd(longest)}  ${(own ?? '').padEnd(10)}  `,
				[
					...(comparison?.failing ?? []),
					...(comparison?.unclear ?? []).map(name => `${name}?`),
					...(comparison?.unmeasured ?? []).map(name => `${name} (not recorded)`),
				].join(', '),
				width,
			),
		),
		'',
		...goals.map(goal => {
			const {met, missed, open} = goal.experiments;
			return `${goal.title}: met ${met.length}, missed ${missed.length}, open ${open.length}`;
		}),
		'',
		`${verdict}`,
		'',
	].join('\n');
}
