import {Listr} from 'listr2';
import type {RunSteps, Step} from '../cluster/step.ts';

/** Between two lines about one step where nothing can be drawn over [ms]. */
const quietMs = 30_000;

/** Shows steps as they run: drawn in place on a terminal, else line by line. */
export function stepRunner(stream: NodeJS.WriteStream): RunSteps {
	const isTerminal = stream.isTTY === true;
	return async steps => {
		const tasks = steps.map(step => ({title: step.title, task: taskOf(step, isTerminal)}));
		await new Listr(tasks, {
			concurrent: false,
			registerSignalListeners: false, // an interruption is the command's own to handle
			renderer: isTerminal ? 'default' : 'simple',
			rendererOptions: {showErrorMessage: false, collapseErrors: false},
		}).run();
	};
}

type Task = {title?: string; output: string};

function taskOf({title, run}: Step, isTerminal: boolean) {
	return async (_context: unknown, task: Task): Promise<void> => {
		let saidAt = Date.now();
		const result = await run(text => {
			if (isTerminal || Date.now() - saidAt >= quietMs) {
				saidAt = Date.now();
				task.output = text;
			}
		});
		if (result !== undefined) {
			task.title = `${title}: ${result}`;
		}
	};
}
