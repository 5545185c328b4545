import {readFile} from 'node:fs/promises';
import {fileURLToPath} from 'node:url';
import {Ajv, type ValidateFunction} from 'ajv';
import type {ExecutionContext} from 'ava';
import type {Chart} from '../../src/charts/chart.ts';
import {drawSvg} from '../../src/rendering/draw-svg.ts';

let schema: Promise<ValidateFunction> | undefined;

async function compileSchema(): Promise<ValidateFunction> {
	const path = fileURLToPath(import.meta.resolve('vega-lite/vega-lite-schema.json'));
	return new Ajv({strict: false, validateFormats: false}).compile(JSON.parse(await readFile(path, 'utf8')));
}

/** Every chart is valid Vega-Lite, compiles without a warning, and draws what its data hold. */
export async function checkCharts(t: ExecutionContext, charts: readonly Chart[]): Promise<void> {
	schema ??= compileSchema();
	const validate = await schema;
	t.is(new Set(charts.map(({name}) => name)).size, charts.length);
	for (const {name, data, specification} of charts) {
		t.true(validate(specification), `${name}: ${JSON.stringify(validate.errors?.slice(0, 3))}`);
		const warnings: string[] = [];
		const svg = await drawSvg(specification, message => warnings.push(message));
		t.deepEqual(warnings, [], name);
		t.true(data.length > 0, name);
		t.regex(svg, /<svg /);
		t.false(/NaN|undefined/.test(svg), name);
		const drawn = JSON.stringify(specification);
		for (const row of data) {
			for (const cell of Object.values(row)) {
				t.true(cell === null || drawn.includes(JSON.stringify(cell)), `${name}: ${cell}`);
			}
		}
	}
}
