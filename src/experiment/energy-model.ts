import * as z from 'zod';
import {coefficient, modelHead} from './coefficient.ts';
import type {EnergyModel} from './experiment.ts';
import {number} from './leaves.ts';

const Watts = number({min: 0, max: 1e4});

/** An energy model file: power of the share of a machine that a pod occupies. */
export const EnergyModelFile = z
	.strictObject({
		...modelHead('EnergyModel'),
		idleWattsPerCore: coefficient(Watts, 'W', 'Power of an idle core'),
		fullWattsPerCore: coefficient(Watts, 'W', 'Power of a core at full use'),
		wattsPerGigabyte: coefficient(Watts, 'W/GB', 'Power of memory above the baseline'),
		memoryBaselineBytesPerCore: coefficient(
			number({min: 0, max: 1e15}),
			'bytes',
			'Memory for each core that the idle power already holds',
		),
		pue: coefficient(number({min: 1, max: 10}), '1', 'Power usage effectiveness'),
		gridGramsPerKilowattHour: coefficient(number({min: 0, max: 1e4}), 'g/kWh', 'CO2e of a kilowatt-hour'),
		dollarsPerKilowattHour: coefficient(number({min: 0, max: 100}), '$/kWh', 'Price of electricity').exactOptional(),
		embodied: z
			.strictObject({
				serverKilograms: coefficient(number({min: 0, max: 1e6}), 'kg', 'CO2e of a server’s manufacture'),
				serverCores: coefficient(number({above: 0, max: 1e5}), 'cores', 'Cores of that server'),
				lifespanHours: coefficient(number({above: 0, max: 1e6}), 'h', 'Time that it is used for'),
			})
			.describe('Manufacture, which counts when this is given')
			.exactOptional(),
	})
	.describe('Power and emissions of a pod’s share of a machine');

/** The energy model that a parsed file holds. */
export function energyModelOf(file: z.output<typeof EnergyModelFile>): EnergyModel {
	const {name, idleWattsPerCore, fullWattsPerCore, wattsPerGigabyte, memoryBaselineBytesPerCore} = file;
	const {pue, gridGramsPerKilowattHour, dollarsPerKilowattHour, embodied} = file;
	return {
		name,
		idleWattsPerCore,
		fullWattsPerCore,
		wattsPerGigabyte,
		memoryBaselineBytesPerCore,
		pue,
		gridGramsPerKilowattHour,
		...(dollarsPerKilowattHour !== undefined && {dollarsPerKilowattHour}),
		...(embodied !== undefined && {embodied}),
	};
}
