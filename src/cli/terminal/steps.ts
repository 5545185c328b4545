import {Listr, ListrLogger, ListrLogLevels, ProcessOutput} from 'listr2';
import type {RunSteps, Step} from '../../cluster/replay/step.ts';

/** Between two lines about one step where nothing can be drawn over [ms]. */
const quietMs = 30_000;

/** Shows steps on `stream` as they run: drawn in place on a terminal, else line by line. */
export function stepRunner(stream: NodeJS.WriteStream): RunSteps {
	const isTerminal = stream.isTTY === true;
	return async steps => {
		const tasks = steps.map(step => ({title: step.title, task: taskOf(step, isTerminal)}));
		const logger = new StepLogger({processOutput: new ProcessOutput(stream, stream)});
		const shared = {concurrent: false, registerSignalListeners: false} as const; // the command handles interruptions itself
		const list = isTerminal
			? new Listr(tasks, {
					...shared,
					renderer: 'default',
					rendererOptions: {logger, showErrorMessage: false, collapseErrors: false},
				})
			: new Listr(tasks, {...shared, renderer: 'simple', rendererOptions: {logger}});
		await list.run();
	};
}

/** Says which step failed and leaves the fault itself to the command, which ends with it. */
class StepLogger extends ListrLogger {
	override log(...[level, message, options]: Parameters<ListrLogger['log']>): void {
		super.log(level, message, level === ListrLogLevels.FAILED ? undefined : options);
	}
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
