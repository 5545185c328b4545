import test from 'ava';
import type {EnergyModel} from '../../src/experiment/experiment.ts';
import {energyOf} from '../../src/forecast/energy.ts';
import type {PodUsage} from '../../src/records/pod-usage.ts';

// Cloud Carbon Footprint's figures for AWS us-east-1; the baseline is set so high that memory adds nothing.
const aws: EnergyModel = Object.freeze({
	name: 'aws',
	idleWattsPerCore: 0.74,
	fullWattsPerCore: 3.5,
	wattsPerGigabyte: 0.392,
	memoryBaselineBytesPerCore: 1e12,
	pue: 1.135,
	gridGramsPerKilowattHour: 379.069,
});

/** Two cores at 80 % for an hour, with 2 GB. */
const busy: PodUsage = Object.freeze({
	pod: 'llm-1',
	fromSeconds: 0,
	toSeconds: 3600,
	requestedCores: 2,
	requestedBytes: 2e9,
	cpuSeconds: 0.8 * 2 * 3600,
	memoryByteSeconds: 2e9 * 3600,
	stages: {pending: 0, starting: 0, loading: 0, idle: 720, busy: 2880, terminating: 0},
});

const about = (value: number, expected: number) => Math.abs(value - expected) <= 1e-9 * Math.abs(expected);

test('two cores at 80 % for an hour draw 6.69 Wh and emit 2.5 g', t => {
	const {wattHours, gramsCo2e} = energyOf([busy], aws);
	t.true(about(wattHours, 2 * (0.74 + 0.8 * 2.76) * 1.135));
	t.is(wattHours.toFixed(2), '6.69');
	t.is(gramsCo2e.toFixed(1), '2.5');
});

test('2 GB of memory above a baseline of nothing make it 2.9 g', t => {
	t.is(energyOf([busy], {...aws, memoryBaselineBytesPerCore: 0}).gramsCo2e.toFixed(1), '2.9');
});

test('only memory above the cores’ share counts', t => {
	const half = energyOf([busy], {...aws, memoryBaselineBytesPerCore: 0.5e9}).wattHours;
	t.true(about(half - energyOf([busy], aws).wattHours, 1 * 0.392 * 1.135));
});

test('an idle pod draws the idle power of its cores, a quarter of what a busy one draws', t => {
	const idle = energyOf([{...busy, cpuSeconds: 0}], aws);
	t.true(about(idle.wattHours, 2 * 0.74 * 1.135));
	t.is(idle.wattHours, idle.idleWattHours);
	t.is((idle.wattHours / energyOf([busy], aws).wattHours).toFixed(2), '0.25');
});

test('the idle share of a busy pod is that of an idle one', t => {
	t.true(about(energyOf([busy], aws).idleWattHours, 2 * 0.74 * 1.135));
});

test('pods add up', t => {
	const one = energyOf([busy], aws);
	const two = energyOf([busy, busy], aws);
	t.true(about(two.wattHours, 2 * one.wattHours));
	t.true(about(two.gramsCo2e, 2 * one.gramsCo2e));
});

test('no pod draws nothing', t => {
	t.deepEqual(energyOf([], aws), {
		wattHours: 0,
		idleWattHours: 0,
		gramsCo2e: 0,
		idleGramsCo2e: 0,
		dollars: undefined,
		idleDollars: undefined,
		embodiedGramsCo2e: undefined,
	});
});

test('electricity has a price where the model names one, with its idle share apart', t => {
	const {dollars, idleDollars} = energyOf([busy], {...aws, dollarsPerKilowattHour: 0.1});
	t.true(about(dollars!, 2 * (0.74 + 0.8 * 2.76) * 1.135 * 1e-4));
	t.true(about(idleDollars!, 2 * 0.74 * 1.135 * 1e-4));
});

test('the idle share of the emissions is that of the energy', t => {
	const {gramsCo2e, idleGramsCo2e, wattHours, idleWattHours} = energyOf([busy], aws);
	t.true(about(idleGramsCo2e / gramsCo2e, idleWattHours / wattHours));
});

test('manufacture counts when the model asks for it: 2 of 64 cores for one of 35,040 hours of 1,000 kg', t => {
	const embodied = {serverKilograms: 1000, serverCores: 64, lifespanHours: 35_040};
	t.true(about(energyOf([busy], {...aws, embodied}).embodiedGramsCo2e!, (1_000_000 * 2) / 64 / 35_040));
});

test('a GPU draws its idle power all the time, and its power under load while a request runs', t => {
	const gpuPower = {idle: 30, busy: 480};
	const without = energyOf([busy], aws);
	const own = energyOf([{...busy, requestedGpus: 2}], {...aws, gpuPower});
	t.true(about(own.wattHours - without.wattHours, 2 * (30 * 0.2 + 480 * 0.8) * aws.pue));
	t.true(about(own.idleWattHours - without.idleWattHours, 2 * 30 * aws.pue));
	t.is(energyOf([busy], {...aws, gpuPower}).wattHours, without.wattHours);
});
