import type {Experiment} from '../experiment/experiment.ts';
import type {MeasuredLine} from './explored.ts';

/** Whether the measured lines are of what is simulated beside them. */
export function measuredNote(measured: readonly MeasuredLine[], {hash}: Pick<Experiment, 'hash'>): string {
	const [total, same] = [measured.length, measured.filter(line => line.hash === hash).length];
	const runs = (count: number) => (count === 1 ? '1 measured run' : `${count} measured runs`);
	if (total === 0) {
		return 'No measured run is laid over.';
	}

	if (same === total) {
		return `Laid over: ${runs(total)} of these very settings.`;
	}

	return same === 0
		? `The settings have left the experiment that was measured: ${runs(total)} laid over, of other settings.`
		: `Laid over: ${runs(total)}, ${same} of them of these very settings, the others of other settings.`;
}
