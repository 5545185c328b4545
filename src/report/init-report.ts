import {shellWord, unbroken} from '../printable.ts';

/** Files from which a user starts. */
export type StartingFiles = {
	/** Paths that were written, the experiment first. */
	readonly paths: readonly string[];
	/** Assumptions of an experiment that was written around manifests, a sentence each; none of the first experiment. */
	readonly assumed?: readonly string[];
	/** Other kind of a first experiment, and the option for it. */
	readonly otherwise?: string;
};

/** Report of `init` for a terminal: the files that were written, and the next commands. */
export function initReport({paths, assumed = [], otherwise}: StartingFiles): string {
	const lines = [
		...paths.map(path => unbroken(`Written: ${path}`)),
		...assumed.map(sentence => `Assumed: ${unbroken(sentence)}`),
		'',
		...nextSteps(paths[0]!),
		...(assumed.length > 0
			? []
			: ['', 'Then put your load, containers and HPA into the files. With npx, the command is npx replicast.']),
		...(otherwise === undefined ? [] : [`For ${otherwise}.`]),
	];
	return lines.join('\n');
}

/** The commands for an experiment that was written, with what each does. */
function nextSteps(path: string): string[] {
	const word = shellWord(path);
	const steps = [
		[`replicast run ${word}`, 'forecast cost and latency'],
		[`replicast tune ${word}`, 'find the cheapest settings that meet the SLO'],
		[`replicast explore ${word}`, 'write a page with sliders for the settings'],
	] as const;
	const longest = Math.max(...steps.map(([step]) => step.length));
	return ['Next:', ...steps.map(([step, why]) => `  ${step.padEnd(longest)}  ${why}`)];
}
