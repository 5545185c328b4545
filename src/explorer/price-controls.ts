import type {Experiment, PriceBook} from '../experiment/experiment.ts';
import {formatGiven, money} from '../report/text/format.ts';
import {type Control, podsWords, range, stopsAround, stopsWith} from './control.ts';

const mostPods = 20;

const labels: Readonly<Record<PriceBook['kind'], Readonly<Record<string, string>>>> = {
	'per-pod': {perPodHour: 'Price of a pod, an hour'},
	'per-resource': {
		perCoreHour: 'Price of a core, an hour',
		perGibibyteHour: 'Price of a gibibyte, an hour',
		perGpuHour: 'Price of a GPU, an hour',
	},
	nodes: {perNodeHour: 'Price of a node, an hour'},
	instances: {},
};

/** Price on which the range of a control is based when its own price is 0, per hour. */
const somePrice = 0.05;

/** Sliders for the fixed number of pods, and for the prices of the experiment's own kind of billing. */
export function priceControls({fixed, prices}: Experiment): Control[] {
	const given = new Map<string, unknown>(Object.entries(prices));
	return [
		...(fixed === undefined ? [] : [fixedControl(fixed.replicas)]),
		...Object.entries(labels[prices.kind]).flatMap(([key, label]) => {
			const own = given.get(key);
			return typeof own === 'number' ? [priceControl({key, label, currency: prices.currency}, own)] : [];
		}),
	];
}

function fixedControl(own: number): Control {
	return {
		name: 'fixed',
		label: 'Fixed number of pods to compare with',
		group: 'Comparison and price',
		own,
		stops: stopsWith(own, range(1, Math.max(mostPods, 2 * own))),
		words: podsWords,
		write: (experiment, value) => ({...experiment, fixed: {replicas: Number(value)}}),
		changes: (_, value) => [`fixed.replicas=${value}`],
	};
}

type Price = {readonly key: string; readonly label: string; readonly currency: string};

function priceControl({key, label, currency}: Price, own: number): Control {
	return {
		name: key,
		label,
		group: 'Comparison and price',
		own,
		stops: stopsWith(own, [0, ...stopsAround(own === 0 ? somePrice : own)]),
		words: value => formatGiven(Number(value), money(currency)),
		write: (experiment, value) => ({...experiment, prices: {...experiment.prices, [key]: Number(value)}}),
		changes: (_, value) => [`prices.${key}=${value}`],
	};
}
