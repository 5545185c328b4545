import {mean} from 'simple-statistics';
import type {RecordedRun, ResponseTimes} from '../../records/recorded-run.ts';

/** A figure as it was recorded and as it was forecast. */
type Both<Figure> = {readonly recorded: Figure; readonly forecast: Figure};

/** Recording under one of several autoscalers that had the same arrivals, beside its forecast. */
export type ArmRun = {
	/** As the column `hpa` names it. */
	readonly autoscaler: string;
	/** Name of their workload and cluster. */
	readonly load: string;
	/** Mean replicas until the shortest recording of the load ended. */
	readonly replicas: Both<number>;
	/** Left out where nobody recorded it. */
	readonly responses?: Both<ResponseTimes>;
};

/** An autoscaler beside another one under the same arrivals. */
export type ArmComparison = {
	readonly autoscaler: string;
	readonly against: string;
	/** Loads that both were recorded under. */
	readonly loads: number;
	/** Pod-hours of the first less those of the second, as a fraction of the latter. */
	readonly podHours: Both<number>;
	/** Means over the loads: of the first, and of the second. */
	readonly responses?: Both<{readonly own: ResponseTimes; readonly against: ResponseTimes}>;
};

/** Autoscaler of a recording, as its table of runs names it. */
export function armNameOf({cells}: Pick<RecordedRun, 'cells'>): string {
	return cells['hpa'] ?? '';
}

/** Workload and cluster of a recording. */
export function loadOf({cells, workloadName}: Pick<RecordedRun, 'cells' | 'workloadName'>): string {
	return `${workloadName} ${cells['cluster'] ?? ''}`;
}

/** Comparison of each further autoscaler with the first one, over the loads that both had; recordings of a load count as one. */
export function compareArms(runs: readonly ArmRun[]): ArmComparison[] {
	const [first, ...others] = [...new Set(runs.map(({autoscaler}) => autoscaler))];
	return others.flatMap(autoscaler => {
		const ofBoth = [...new Set(runs.map(({load}) => load))]
			.map(load => ({own: armRuns(runs, load, autoscaler), against: armRuns(runs, load, first!)}))
			.filter(({own, against}) => own.length > 0 && against.length > 0);
		return ofBoth.length === 0 ? [] : [{autoscaler, against: first!, ...comparisonOf(ofBoth)}];
	});
}

type BothArms = {readonly own: readonly ArmRun[]; readonly against: readonly ArmRun[]};

function armRuns(runs: readonly ArmRun[], load: string, autoscaler: string): ArmRun[] {
	return runs.filter(run => run.load === load && run.autoscaler === autoscaler);
}

function comparisonOf(loads: readonly BothArms[]): Omit<ArmComparison, 'autoscaler' | 'against'> {
	const meanOver = (arm: keyof BothArms, read: (run: ArmRun) => number) =>
		mean(loads.map(load => mean(load[arm].map(read))));
	const saved = (side: keyof Both<number>) => {
		const read = ({replicas}: ArmRun) => replicas[side];
		return meanOver('own', read) / meanOver('against', read) - 1;
	};
	const timesOf = (arm: keyof BothArms, side: keyof Both<number>): ResponseTimes => ({
		mean: meanOver(arm, run => run.responses![side].mean),
		p95: meanOver(arm, run => run.responses![side].p95),
	});
	const sideOf = (side: keyof Both<number>) => ({own: timesOf('own', side), against: timesOf('against', side)});
	const isRecorded = loads.every(({own, against}) => [...own, ...against].every(run => run.responses !== undefined));
	return {
		loads: loads.length,
		podHours: {recorded: saved('recorded'), forecast: saved('forecast')},
		...(isRecorded && {responses: {recorded: sideOf('recorded'), forecast: sideOf('forecast')}}),
	};
}
