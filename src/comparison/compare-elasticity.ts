import {mean} from 'simple-statistics';
import type {Experiment} from '../experiment/experiment.ts';
import {compareValues, type FigureComparison, type Sides} from './compare-figures.ts';
import {demandLine, type Elasticity, elasticity} from './elasticity.ts';
import type {Reading} from './reading.ts';

/** SPEC's elasticity metrics of both sides; the pods that are needed are reckoned with the measured time in service. */
export function compareElasticity(sides: Sides, experiment: Experiment): Record<keyof Elasticity, FigureComparison> {
	const {simulated, measured, spread} = sides;
	const times = measured.flatMap(({serviceTimes}) => serviceTimes);
	const serviceTime = times.length === 0 ? Number.NaN : mean(times);
	const of = (run: Reading) => elasticityOf(run, {experiment, serviceTime});
	const [left, right, more] = [simulated.map(of), measured.map(of), spread?.map(of)];
	const compare = (name: keyof Elasticity) => {
		const read = (value: Elasticity) => value[name];
		return compareValues({unit: '1', simulated: left.map(read), measured: right.map(read), spread: more?.map(read)});
	};
	return {
		underProvisioning: compare('underProvisioning'),
		overProvisioning: compare('overProvisioning'),
		underTimeshare: compare('underTimeshare'),
		overTimeshare: compare('overTimeshare'),
		instability: compare('instability'),
	};
}

function elasticityOf(
	run: Reading,
	{experiment, serviceTime}: {experiment: Experiment; serviceTime: number},
): Elasticity {
	const {autoscaler, deployment} = experiment;
	const [least, most] =
		autoscaler === 'none'
			? [deployment.replicas ?? 1, deployment.replicas ?? 1]
			: [autoscaler.minReplicas, autoscaler.maxReplicas];
	const demand = demandLine(run.recording.tables.requests.scheduledSeconds, {
		serviceTime: serviceTime / deployment.llm.parallel,
		targetUse: targetUse(experiment),
		least,
		most,
		until: run.window.to,
	});
	return elasticity(demand, run.holds.pods ? run.lines.ready : [], run.window);
}

/** The CPU target as a fraction, at most 1: more than all of its time no pod can serve. */
function targetUse({autoscaler}: Experiment): number {
	const metrics = autoscaler === 'none' ? [] : autoscaler.metrics;
	const cpu = metrics.find(({name, target}) => name === 'cpu' && target.type === 'Utilization');
	return cpu?.target.type === 'Utilization' ? Math.min(1, cpu.target.averageUtilization / 100) : 1;
}
