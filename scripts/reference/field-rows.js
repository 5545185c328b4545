/*
 * Rows of a table of fields from a JSON Schema (draft 7): path, what it takes, default, meaning.
 * A model, a price book and an autoscaler's manifest have sections of their own, a distribution is explained once.
 */

/** @returns rows {path, takes (its forms), fallback, meaning}, in the order of the schema; what differs in the forms alone is one row */
export function fieldRows(schema) {
	const rows = new Map();
	const add = ({path, takes, fallback, meaning}) => {
		const key = JSON.stringify([path, fallback, meaning]);
		const known = rows.get(key)?.takes ?? [];
		rows.set(key, {path, takes: [...new Set([...known, ...takes])], fallback, meaning});
	};
	walk(schema, {root: schema, path: '', add});
	return [...rows.values()];
}

function walk(given, {root, path, add}) {
	const schema = resolved(given, root);
	for (const option of optionsOf(schema, root)) {
		if (path !== '' && isLeaf(option, root)) {
			continue;
		}

		const required = new Set(option.required ?? []);
		for (const [name, child] of Object.entries(option.properties ?? {})) {
			field(child, {root, path: join(path, name), isRequired: required.has(name), add});
		}

		if (isObject(option.additionalProperties)) {
			field(option.additionalProperties, {root, path: join(path, 'NAME'), isRequired: false, add});
		}
	}
}

function field(given, {root, path, isRequired, add}) {
	const schema = resolved(given, root);
	const items = schema.type === 'array' ? resolved(schema.items ?? {}, root) : undefined;
	const isPlain = [schema, ...(items === undefined ? [] : [items])].every(form =>
		optionsOf(form, root).every(option => isLeaf(option, root)),
	);
	const fallback = schema.default === undefined ? (isRequired ? 'required' : '') : code(JSON.stringify(schema.default));
	if (isPlain || schema.description !== undefined) {
		add({path, takes: formsOf(schema, root), fallback, meaning: schema.description ?? ''});
	}

	walk(items ?? schema, {root, path: items === undefined ? path : `${path}[]`, add});
}

function resolved(schema, root) {
	if (schema.$ref !== undefined) {
		const {$ref, ...rest} = schema;
		return resolved({...root.definitions[$ref.split('/').at(-1)], ...rest}, root);
	}

	if (schema.allOf?.length === 1) {
		const {allOf, ...rest} = schema;
		return {...resolved(allOf[0], root), ...rest};
	}

	return schema;
}

/** The forms of a schema: itself, or those of a union, unions in it included. */
function optionsOf(schema, root) {
	const union = schema.anyOf ?? schema.oneOf;
	return union === undefined ? [schema] : union.flatMap(option => optionsOf(resolved(option, root), root));
}

const isObject = value => typeof value === 'object' && value !== null;

function isLeaf(schema, root) {
	const hasParts = Object.keys(schema.properties ?? {}).length > 0 || isFilled(schema.additionalProperties);
	return !hasParts || nameOf(schema, root) !== undefined;
}

const isFilled = schema => isObject(schema) && Object.keys(schema).length > 0;

/** What a form is called that is explained elsewhere. */
function nameOf({properties = {}}, root) {
	const part = name => (properties[name] === undefined ? undefined : resolved(properties[name], root));
	const [kind, value, unit, source] = ['kind', 'value', 'unit', 'source'].map(part);
	if (kind?.const !== undefined && properties.name !== undefined) {
		return `${kind.const}, inline`;
	}

	if (part('apiVersion')?.const === 'autoscaling/v2') {
		return 'HorizontalPodAutoscaler, inline';
	}

	if (properties.maxReplicas !== undefined && properties.metrics !== undefined) {
		return 'its `spec`, inline';
	}

	if (properties.distribution !== undefined) {
		return 'distribution';
	}

	return value !== undefined && unit !== undefined && source !== undefined
		? `coefficient in ${code(unit.const ?? unit.enum?.join(', ') ?? 'its unit')}`
		: undefined;
}

function formsOf(schema, root) {
	return [...new Set(optionsOf(schema, root).map(option => formOf(option, root)))];
}

function formOf(schema, root) {
	const name = nameOf(schema, root);
	if (name !== undefined) {
		return name;
	}

	if (schema.const !== undefined) {
		return code(schema.const);
	}

	if (schema.enum !== undefined) {
		return schema.enum.map(code).join(', ');
	}

	if (schema.type === 'array') {
		return `list of ${formsOf(resolved(schema.items ?? {}, root), root).join(' or ')}`;
	}

	if (schema.type === 'number' || schema.type === 'integer') {
		return `${schema.type}${boundsOf(schema)}`;
	}

	if (schema.type === undefined) {
		return 'anything';
	}

	return {string: 'text', object: 'map', boolean: '`true`, `false`', null: '`null`'}[schema.type] ?? 'text or number';
}

function boundsOf({minimum, maximum, exclusiveMinimum, exclusiveMaximum}) {
	const low = minimum ?? exclusiveMinimum;
	const high = maximum ?? exclusiveMaximum;
	return [
		...(low === undefined ? [] : [exclusiveMinimum === undefined ? ` from ${low}` : ` above ${low}`]),
		...(high === undefined ? [] : [exclusiveMaximum === undefined ? ` to ${high}` : ` below ${high}`]),
	].join('');
}

const join = (path, name) => (path === '' ? name : `${path}.${name}`);
const code = value => `\`${value}\``;
