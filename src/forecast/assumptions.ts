import type {Experiment} from '../experiment/experiment.ts';

/**
 * What was assumed where the experiment does not say, and decides the result: one sentence each, printed right below
 * the heading of every report. Nothing where all of it is given.
 */
export function assumptions(experiment: Experiment): string[] {
	return [...threads(experiment)];
}

function threads({deployment: {llm}}: Experiment): string[] {
	const count = `${llm.threads} ${llm.threads === 1 ? 'thread' : 'threads'}`;
	return llm.threadsFrom === undefined
		? []
		: [
				`The model runs on ${count}, from the CPU limit of container ${llm.container}; deployment.llm.threads says another number.`,
			];
}
