import type {Experiment} from '../experiment/experiment.ts';
import type {Recorded} from './controller-check.ts';
import type {ComparedFigureName} from './figure-table.ts';

/**
 * Figures that an emulated replay can judge: what the autoscaler, the scheduler and the life of the pods make. Load, service
 * and use are the simulator's own on both sides.
 */
const ofControl: ReadonlySet<string> = new Set<ComparedFigureName>([
	'replicasMean',
	'replicasMax',
	'podHours',
	'nodesMean',
	'nodesMax',
	'nodeHours',
	'nodesMeanAbsoluteError',
	'cost',
	'savings',
	'scaleEvents',
	'replicasMeanAbsoluteError',
	'replicasEqualShare',
	'podSecondError',
	'scaleEventsPrecision',
	'scaleEventsRecall',
	'scaleEventsF1',
	'metricLag',
	'p95MetricLag',
	'scaleLag',
	'p95ScaleLag',
	'modelLoadedLag',
	'p95ModelLoadedLag',
	'readyLag',
	'p95ReadyLag',
]);

/** Whether records are of emulated replays. */
export function areEmulated(records: readonly Pick<Recorded, 'recording'>[]): boolean {
	return records.some(({recording}) => recording.head.engine === 'emulated');
}

/** The experiment with the tolerances that the records can judge. */
export function judgedBy(experiment: Experiment, records: readonly Pick<Recorded, 'recording'>[]): Experiment {
	return areEmulated(records)
		? {...experiment, accept: keep(experiment.accept, name => ofControl.has(name))}
		: experiment;
}

/** Figures with a tolerance that emulated records leave open. */
export function leftOpen({accept}: Pick<Experiment, 'accept'>): string[] {
	return Object.keys(accept).filter(name => !ofControl.has(name));
}

function keep<Value>(
	values: Readonly<Record<string, Value>>,
	wanted: (name: string) => boolean,
): Record<string, Value> {
	return Object.fromEntries(Object.entries(values).filter(([name]) => wanted(name)));
}
