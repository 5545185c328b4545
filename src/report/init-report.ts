import {shellWord} from '../printable.ts';

/** Files from which a user starts. */
export type StartingFiles = {
	/** Paths that were written, the experiment first. */
	readonly paths: readonly string[];
	/** Assumptions of an experiment that was written around manifests, a sentence each; none of the first experiment. */
	readonly assumed?: readonly string[];
};

/** Report of `init` for a terminal: the files that were written, and the next commands. */
export function initReport({paths, assumed = []}: StartingFiles): string {
	const lines = [
		...paths.map(path => `Written: ${path}`),
		...assumed.map(sentence => `Assumed: ${sentence}`),
		'',
		...nextSteps(paths[0]!),
		...(assumed.length > 0
			? []
			: ['', 'Then change the load, the containers and hpa.yaml to yours. With npx, npx replicast is the command.']),
	];
	return `${lines.join('\n')}\n`;
}

/** The commands for an experiment that was written, with what each does. */
function nextSteps(path: string): string[] {
	const word = shellWord(path);
	const steps = [
		[`replicast run ${word}`, 'forecast it: does it keep the objective, and what does it cost?'],
		[`replicast tune ${word}`, 'search the cheapest settings that keep the objective'],
		[`replicast explore ${word}`, 'make a page in which settings are dragged'],
	] as const;
	const longest = Math.max(...steps.map(([step]) => step.length));
	return ['Next:', ...steps.map(([step, why]) => `  ${step.padEnd(longest)}  ${why}`)];
}
