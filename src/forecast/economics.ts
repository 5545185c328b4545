import type {Experiment} from '../experiment/experiment.ts';
import type {RunAccount} from '../records/pod-usage.ts';
import {stages} from '../records/stage-clock.ts';
import {type Estimate, estimate} from '../statistics/estimate.ts';
import {perHour, type RunEconomics, runEconomics} from './run-economics.ts';
import type {ArmEconomics, EnergyFigures} from './summary.ts';

const wattHoursPerKilowattHour = 1000;
const secondsPerHour = 3600;

/** The economics of one arm over its runs, simulated or measured, at the experiment's own prices. */
export function armEconomics(experiment: Experiment, runs: readonly RunAccount[]): ArmEconomics {
	const window = {fromSeconds: experiment.warmup, toSeconds: experiment.duration};
	const each = runs.map(run => runEconomics(run, experiment));
	const over = (figure: (run: RunEconomics) => number) => estimate(each.map(figure), {min: 0});
	return {
		stages: Object.fromEntries(
			stages.map(stage => [
				stage,
				{
					podHours: over(run => run.stages[stage].podSeconds / secondsPerHour),
					costPerHour: over(run => perHour(run.stages[stage].dollars, window)),
				},
			]),
		) as ArmEconomics['stages'],
		slowScaleDownPerHour: over(run => perHour(run.slowScaleDownDollars, window)),
		energy: energyFigures(over),
		costPerThousandRequests: over(run => run.dollarsPerThousandRequests),
		costPerMillionOutputTokens: over(run => run.dollarsPerMillionOutputTokens),
		costPerMillionInputTokens: over(run => run.dollarsPerMillionInputTokens),
		cpuSecondsPerRequest: over(run => run.cpuSecondsPerRequest),
	};
}

function energyFigures(over: (figure: (run: RunEconomics) => number) => Estimate): EnergyFigures {
	return {
		kilowattHours: over(({energy}) => energy.wattHours / wattHoursPerKilowattHour),
		idleKilowattHours: over(({energy}) => energy.idleWattHours / wattHoursPerKilowattHour),
		electricityDollars: over(({energy}) => energy.dollars ?? Number.NaN),
		idleElectricityDollars: over(({energy}) => energy.idleDollars ?? Number.NaN),
		gramsCo2e: over(({energy}) => energy.gramsCo2e),
		idleGramsCo2e: over(({energy}) => energy.idleGramsCo2e),
		embodiedGramsCo2e: over(({energy}) => energy.embodiedGramsCo2e ?? Number.NaN),
	};
}
