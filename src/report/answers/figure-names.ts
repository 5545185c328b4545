import {comparisonFigures} from '../../comparison/figure-table.ts';

/** Figures whose label in the table says too little in a sentence. */
const sentenceWords: Readonly<Record<string, string>> = {
	timeouts: 'share that timed out',
	replicasMeanAbsoluteError: 'replicas over time',
	replicasEqualShare: 'time with the same replicas',
	scaleEventsF1: 'scale events',
	scaleLag: 'time of the scaling decisions',
	p95ScaleLag: 'time of the slowest scaling decisions',
	replicasMax: 'largest number of replicas',
	replicasMean: 'mean replicas',
	goodput: 'goodput',
	fairness: 'fairness',
	p95Ttft: 'time to first token p95',
	ttft: 'time to first token',
	tpot: 'time per output token',
};

/** Name of a compared figure in a sentence. */
export function figureName(name: string): string {
	return sentenceWords[name] ?? comparisonFigures.find(figure => figure.name === name)?.label ?? name;
}
