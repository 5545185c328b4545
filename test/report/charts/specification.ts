import {readFile} from 'node:fs/promises';
import {fileURLToPath} from 'node:url';
import {Ajv, type ValidateFunction} from 'ajv';
import type {ExecutionContext} from 'ava';
import type {Chart, Specification} from '../../../src/report/charts/chart.ts';
import {drawSvg} from '../../../src/report/drawing/draw-svg.ts';

let schema: Promise<ValidateFunction> | undefined;

async function compileSchema(): Promise<ValidateFunction> {
	const path = fileURLToPath(import.meta.resolve('vega-lite/vega-lite-schema.json'));
	return new Ajv({strict: false, validateFormats: false}).compile(JSON.parse(await readFile(path, 'utf8')));
}

/** A specification is valid Vega-Lite and compiles without a warning. */
export async function checkSpecification(
	t: ExecutionContext,
	name: string,
	specification: Specification,
): Promise<void> {
	schema ??= compileSchema();
	const validate = await schema;
	t.true(validate(specification), `${name}: ${JSON.stringify(validate.errors?.slice(0, 3))}`);
	const warnings: string[] = [];
	const svg = await drawSvg(specification, message => warnings.push(message));
	t.deepEqual(warnings, [], name);
	t.regex(svg, /<svg /);
	t.false(/NaN|undefined/.test(svg), name);
}

/** Every chart has such a specification, and draws what its data hold. */
export async function checkCharts(t: ExecutionContext, charts: readonly Chart[]): Promise<void> {
	t.is(new Set(charts.map(({name}) => name)).size, charts.length);
	for (const {name, data, specification} of charts) {
		await checkSpecification(t, name, specification);
		t.true(data.length > 0, name);
		const drawn = JSON.stringify(specification);
		for (const row of data) {
			for (const cell of Object.values(row)) {
				t.true(cell === null || drawn.includes(JSON.stringify(cell)), `${name}: ${cell}`);
			}
		}
	}
}
