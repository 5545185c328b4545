import {currencySign} from '../experiment/currency.ts';

/**
 * Units of the figures that a claim may point at: keys of a run's summary, of the experiment itself after `experiment.`,
 * of a measured record's own tables after `observed.`. The first pattern that matches holds.
 */
const patterns: readonly (readonly [pattern: RegExp, unit: string])[] = [
	[/^observed\.timings\.\w+Seconds$/, 's'],
	[/^experiment\.workload\.users\.count$/, 'users'],
	[/^experiment\.workload\.timeout$/, 's'],
	[/^experiment\.workload\.tenants\.length$/, 'tenants'],
	[/^experiment\.workload\.tenants\.\d+\.conversations$/, 'conversations'],
	[/^experiment\.deployment\.containers\.\d+\.(?:requests|limits)\.cpu$/, 'cores'],
	[/^experiment\.deployment\.containers\.\d+\.(?:requests|limits)\.memory$/, 'bytes'],
	[/^experiment\.(?:autoscaler\.(?:min|max)Replicas|deployment\.replicas|fixed\.replicas)$/, 'pods'],
	[/^experiment\.autoscaler\.metrics\.\d+\.target\.averageUtilization$/, '%'],
	[/^experiment\.prices\.(?:perPodHour|perCoreHour|perGibibyteHour|perGpuHour|perNodeHour)$/, '$/h'],
	[/^(?:dynamic|fixed)\.timeline\.\d+\.1$/, 'pods'],
	[/^(?:dynamic|fixed)\.timeline\.\d+\.0$/, 's'],
	[/^(?:dynamic|fixed)\.replicas(?:\.(?:mean|low|high|max))?$/, 'pods'],
	[/^(?:dynamic|fixed)\.requests\.\w+$/, 'requests'],
	[/(?:^|\.)podHours$/, 'pod h'],
	[/(?:^|\.)(?:cost|workload|idle|saved|slowScaleDown)PerHour$/, '$/h'],
	[/(?:^|\.)(?:savings\.)perHour$/, '$/h'],
	[/(?:^|\.)(?:savings\.)perDay$/, '$/day'],
	[/(?:^|\.)(?:savings\.)perMonth$/, '$/month'],
	[/(?:^|\.)(?:savings\.)perYear$/, '$/year'],
	[/(?:^|\.)(?:savings\.)fraction$/, '1'],
	[/(?:^|\.)energyWattHours$/, 'Wh'],
	[/(?:^|\.)(?:idleK|k)ilowattHours$/, 'kWh'],
	[/(?:^|\.)(?:electricityDollars|idleElectricityDollars)$/, '$'],
	[/(?:^|\.)(?:g|idleG|embodiedG)ramsCo2e$/, 'g'],
	[/(?:^|\.)costPerThousandRequests$/, '$/(1000 requests)'],
	[/(?:^|\.)costPerMillionOutputTokens$/, '$/(1000000 tokens)'],
	[/(?:^|\.)cpuSecondsPerRequest$/, 'core s/request'],
	[/(?:^|\.)(?:throughput|goodput)PerSecond$/, 'requests/s'],
	[/(?:^|\.)(?:latency|wait|ttft|tpot)Seconds\.(?:mean|p50|p95|p99)$/, 's'],
	[/(?:^|\.)(?:availability|sloAttainment|cpuUtilization|memoryUtilization|fairness)$/, '1'],
	[/(?:^|\.)against\.\d+\.replicas$/, 'pods'],
	[/(?:^|\.)(?:loadedShare|breakEvenShare)$/, '1'],
	[/(?:^|\.)(?:sloAttainment)\.(?:dynamic|baseline)$/, '1'],
	[/(?:^|\.)podsWhileLoaded$/, 'pods'],
];

/** Of the energy model, whose price of electricity is in dollars. */
const inDollars = /(?:^|\.)(?:electricityDollars|idleElectricityDollars)$/;

/**
 * Unit of the figure at a path such as `dynamic.latencySeconds.p95`; undefined when there is none.
 *
 * @param currency - of the experiment's prices
 */
export function figureUnit(path: string, currency = 'USD'): string | undefined {
	const unit = patterns.find(([pattern]) => pattern.test(path))?.[1];
	return inDollars.test(path) ? unit : unit?.replace('$', () => currencySign(currency));
}

/** Whether a figure is money of the experiment's prices. */
export function isPriced(path: string): boolean {
	return figureUnit(path, 'EUR') !== figureUnit(path, 'USD');
}
