import {readFileSync} from 'node:fs';
import test from 'ava';

type Figures = {
	readonly figures: readonly {readonly name: string; readonly median: number; readonly worst: number}[];
};
type Scripts = {
	readonly validationFigures: (validation: Validation) => Figures;
	readonly readmeFigures: (figures: Figures) => string;
};
type Compared = {
	readonly relativeError: number;
	readonly error: {value: number};
	readonly measured: {mean: number};
};
type Validation = {
	experiments: {
		name: string;
		verdict: string | null;
		outOfSample: {
			cutOff: readonly {readonly figure: string}[];
			figures: Record<string, Compared>;
			judgements: {
				simulator: {speed: string; figures: Record<string, {error: {value: number}}>};
			};
		} | null;
		campaign?: {withoutCalibration: {figures: Record<string, Compared>}};
	}[];
};

const script = async (name: string) =>
	(await import(new URL(`../../../scripts/validation/${name}.js`, import.meta.url).href)) as Scripts;
const {validationFigures} = await script('figures');
const {readmeFigures} = await script('readme-figures');
const validation = JSON.parse(readFileSync('reports/validation/validation.json', 'utf8')) as Validation;
const block = /<!-- figures:begin -->\n([\s\S]*)\n<!-- figures:end -->/.exec(readFileSync('README.md', 'utf8'))?.[1];

const changed = (change: (validation: Validation) => void) => {
	const copy = structuredClone(validation);
	change(copy);
	return readmeFigures(validationFigures(copy));
};

test('the README says what the validation found', t => {
	t.is(block, readmeFigures(validationFigures(validation)), 'npm run docs writes other figures');
	const sizes = validation.experiments
		.filter(({outOfSample}) => !outOfSample?.cutOff.some(({figure}) => figure === 'p95'))
		.flatMap(({outOfSample}) => outOfSample?.figures['p95'] ?? [])
		.map(({error, measured}) => Math.abs(error.value) / measured.mean)
		.toSorted((a, b) => a - b);
	const percent = (share: number) => `${Number((100 * share).toPrecision(2))} %`;
	t.true(sizes.length >= 10 && sizes.length < validation.experiments.length); // a timeout cuts the others off
	const middle = (sizes.length - 1) / 2;
	const median = (sizes[Math.floor(middle)]! + sizes[Math.ceil(middle)]!) / 2;
	const row = `| 95th percentile of latency, where no timeout cuts it off | ${percent(median)} | ${percent(sizes.at(-1)!)} (`;
	t.true(block?.includes(row), block);
	const count = (wanted: string) => validation.experiments.filter(({verdict}) => verdict === wanted).length;
	const are = count('VALID') === 1 ? 'is' : 'are';
	const verdicts = `${count('VALID')} ${are} VALID, ${count('NOT VALID')} NOT VALID and ${count('CANNOT SAY')} CANNOT SAY`;
	t.true(block?.includes(verdicts), block);
});

test('the README says how far off the simulator is at the speed that the machine had', t => {
	const probed = validation.experiments.flatMap(({outOfSample, campaign}) =>
		campaign === undefined && outOfSample?.judgements.simulator.speed === 'measured' ? [outOfSample.judgements] : [],
	);
	t.true(probed.length >= 4);
	const worst = Math.max(...probed.map(({simulator}) => simulator.figures['replicasMeanAbsoluteError']!.error.value));
	t.true(block?.includes(`(at worst ${Number(worst.toPrecision(2))} pods)`), block);
	const without = changed(({experiments}) => {
		for (const {outOfSample} of experiments) {
			if (outOfSample !== null) {
				outOfSample.judgements.simulator.speed = 'calibrated';
			}
		}
	});
	t.notRegex(without, /probes found it/);
});

test('the README says what a calibration on the machine itself gave', t => {
	const campaigns = validation.experiments.filter(({campaign}) => campaign !== undefined);
	t.true(campaigns.length >= 2);
	const worst = (figures: readonly Record<string, Compared>[]) =>
		Math.max(...figures.map(of => Math.abs(of['podHours']!.relativeError)));
	const percent = (share: number) => `${Number((100 * share).toPrecision(2))} %`;
	const own = percent(worst(campaigns.map(({outOfSample}) => outOfSample!.figures)));
	const other = percent(worst(campaigns.map(({campaign}) => campaign!.withoutCalibration.figures)));
	const told = /from (?:a|\d+) \[campaigns?\].*Without that calibration: (.*)\.$/m.exec(block!);
	t.regex(told![0], new RegExp(`pod-hours [\\d.]+ % \\(at worst ${own}\\).* Without that calibration`));
	t.regex(told![1]!, new RegExp(`pod-hours [\\d.]+ % \\(at worst ${other}\\)`));
	const without = changed(({experiments}) => {
		for (const experiment of experiments) {
			delete experiment.campaign;
		}
	});
	t.notRegex(without, /\[campaigns?\]/);
});

test('the README is stale once an error or a verdict changes', t => {
	const worse = changed(({experiments}) => {
		experiments.find(({name}) => name === 'multi-tenant')!.outOfSample!.figures['p95']!.error.value *= -1000;
	});
	t.not(worse, block);
	t.regex(worse, /95th percentile of latency, [^|]+ \| [^|]+ \| \d+ % \(multi-tenant\)/);
	const invalid = changed(({experiments}) => {
		experiments.find(({name}) => name === 'spike')!.verdict = 'NOT VALID';
	});
	t.regex(invalid, /1 NOT VALID and \d+ CANNOT SAY/);
});

test('a figure that is not there is refused', t => {
	const error = t.throws(() =>
		changed(({experiments}) => {
			for (const {outOfSample} of experiments) {
				delete outOfSample?.figures['podHours'];
			}
		}),
	);
	t.regex(error.message, /to hold podHours/);
});
