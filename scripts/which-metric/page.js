const figure = (value, digits = 3) => String(Number(value.toPrecision(digits)));
const money = value => `$${figure(value)}`;
const seconds = value => `${figure(value)} s`;
const interval = ({low, high}, form) => (low === null ? '' : ` [${form(low)}, ${form(high)}]`);

/** Page of docs: the answer, a table of all experiments, then one of each. */
export function whichMetricPage(results) {
	return [
		'# Which metric should I scale on?',
		'',
		...answer(results),
		'',
		...overview(results),
		'',
		'Simulated, by `npm run which-metric`: 1 to 6 pods, Kubernetes’ own windows and policies, Prometheus scraping every 15 s.',
		'Each metric has the target of its list that keeps the objective at the least cost in 20 replications; its figures are of',
		'20 others, with 95 % intervals. For your own service map the metrics and [let tune choose](custom-metrics.md#which-metric).',
		'',
		...results.flatMap(experimentLines),
	].join('\n');
}

/** Metrics that keep the objective in both sets of replications, the cheapest first. */
function keepers({metrics}) {
	return metrics
		.filter(({kept, chosen}) => kept.length > 0 && chosen.isKept)
		.toSorted((a, b) => a.chosen.cost.mean - b.chosen.cost.mean);
}

const named = (list, name) => list.find(({metric}) => metric.name === name);

const longNames = {
	CPU: '**CPU**',
	memory: '**memory**',
	'in flight': '**requests in flight**',
	waiting: '**requests that wait**',
};

function answer(results) {
	const decided = results.filter(result => keepers(result).length > 0);
	const wins = new Map();
	for (const result of decided) {
		const {name} = keepers(result)[0].metric;
		wins.set(name, (wins.get(name) ?? 0) + 1);
	}

	const ranked = [...wins].sort((a, b) => b[1] - a[1]);
	const pairs = decided.flatMap(result => {
		const [cpu, inFlight] = [named(keepers(result), 'CPU'), named(keepers(result), 'in flight')];
		return cpu === undefined || inFlight === undefined ? [] : [inFlight.chosen.cost.mean / cpu.chosen.cost.mean - 1];
	});
	const mean = pairs.reduce((sum, ratio) => sum + ratio, 0) / pairs.length;
	const words = ranked.map(([name, count]) => `${longNames[name]} in ${count}`).join(', ');
	const side = mean < 0 ? 'below' : 'above';
	const bold = decided.flatMap(result => named(keepers(result), 'CPU')?.chosen.target ?? []);
	return [
		`Of the ${results.length} experiments of the poster ${decided.length} can keep their objective, p95 within 15 s and 99 % answered, with 1 to 6 pods.`,
		`There it costs least to scale on ${words}. Where both keep it, requests in flight cost ${figure(Math.abs(100 * mean), 2)} % ${side} CPU on average.`,
		`CPU does so with targets of ${Math.min(...bold)} to ${Math.max(...bold)} % of the request, since the limit is above it; the usual 70 % costs more.`,
		'How they fail differs more. Memory does not fall with the load, so the pods that it added stay. CPU has a ceiling, the',
		'limit of the container, and says nothing of what waits above it. No request waits until the pods are full.',
	];
}

function overview(results) {
	const names = results[0].metrics.map(({metric}) => metric.name);
	return [
		`| experiment | ${names.join(' | ')} |`,
		`|---|${names.map(() => '---').join('|')}|`,
		...results.map(result => {
			const [best] = keepers(result);
			const cells = result.metrics.map(entry => {
				const text = `${money(entry.chosen.cost.mean)}/h`;
				return keepers(result).includes(entry) ? (entry === best ? `**${text}**` : text) : 'missed';
			});
			return `| [${result.name}](#${result.name}) | ${cells.join(' | ')} |`;
		}),
	];
}

function experimentLines({name, description, metrics}) {
	return [
		`## ${name}`,
		'',
		description,
		'',
		`![Cost and p95 of the four metrics](pictures/which-metric/${name}.svg)`,
		'',
		'| metric | target | cost an hour | p95 | how it fails |',
		'|---|---|---|---|---|',
		...metrics.map(entry => {
			const {metric, chosen, kept} = entry;
			const target = `${chosen.target}${metric.unit}${kept.length === 0 ? ', the nearest' : ''}`;
			const cost = `${money(chosen.cost.mean)}${interval(chosen.cost, money)}`;
			const p95 = `${seconds(chosen.p95.mean)}${interval(chosen.p95, seconds)}`;
			return `| ${metric.name} | ${target} | ${cost} | ${p95} | ${failureOf(entry)} |`;
		}),
		'',
	];
}

function failureOf({metric, kept, chosen, fails, tried}) {
	const {control} = chosen;
	const notes = [
		...(kept.length === 0 ? [`no target of ${tried[0].target} to ${tried.at(-1).target}${metric.unit} keeps it`] : []),
		...(kept.length > 0 && !chosen.isKept
			? [`kept it in the search, misses it in other replications: ${missText(chosen)}`]
			: []),
		...(kept.length === 0 ? [missText(chosen)] : []),
		...(fails === undefined ? [] : [`at ${fails.target}${metric.unit}: ${missText(fails)}`]),
		...(control.scaleUps === 0 ? ['never adds a pod'] : []),
		...(control.scaleUps > 0 && control.scaleDowns === 0 ? ['never lets a pod go again'] : []),
		...(kept.length > 0 && fails === undefined && kept.length === tried.length
			? ['no target that was tried fails']
			: []),
	];
	return notes.length === 0 ? `kept by ${kept.map(({target}) => target).join(', ')}` : notes.join('; ');
}

function missText({checks, p95, availability}) {
	const missed = checks.filter(({isKept}) => !isKept).map(check => check.figure);
	return [
		...(missed.includes('p95') ? [`p95 ${seconds(p95.mean)}`] : []),
		...(missed.includes('availability') ? [`${figure(100 * availability.mean)} % answered`] : []),
	].join(', ');
}
