/** Annotations that say what an autoscaler does. */
const telling = /^autoscaling\.keda\.sh\//;
/** Keys of a trigger whose values are credentials; names of environment variables are none. */
const secret = /(?:passw|token|secret|apikey|api_key|credential|connection|sasl|privatekey|accesskey|username)/i;

type Plain = Readonly<Record<string, unknown>>;

/**
 * An autoscaler's manifest as it was: its spec, its name and the annotations that KEDA goes by, without credentials and
 * what the API server keeps.
 *
 * @param document - an object as the API server or a file has it
 * @returns the manifest, and the keys that were left out as credentials
 */
export function presentAutoscaler(document: unknown): {readonly manifest: Plain; readonly left: readonly string[]} {
	const {apiVersion, kind, metadata, spec} = mapOf(document);
	const {name, namespace, annotations} = mapOf(metadata);
	const kept = Object.entries(mapOf(annotations)).filter(([key]) => telling.test(key));
	const left: string[] = [];
	return {
		manifest: {
			apiVersion,
			kind,
			metadata: {
				...(name !== undefined && {name}),
				...(namespace !== undefined && {namespace}),
				...(kept.length > 0 && {annotations: Object.fromEntries(kept)}),
			},
			spec: withoutCredentials(spec, '', left),
		},
		left,
	};
}

function mapOf(value: unknown): Plain {
	return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Plain) : {};
}

function withoutCredentials(value: unknown, path: string, left: string[]): unknown {
	if (Array.isArray(value)) {
		return value.map((item, index) => withoutCredentials(item, `${path}[${index}]`, left));
	}

	if (typeof value === 'string') {
		const plain = value.replaceAll(/([a-z][-+.a-z0-9]*:\/\/)[^/?#\s@]*@/gi, '$1');
		if (plain !== value) {
			left.push(path);
		}

		return plain;
	}

	if (typeof value !== 'object' || value === null) {
		return value;
	}

	const inMetadata = path.endsWith('.metadata');
	const entries = Object.entries(value).flatMap(([key, item]) => {
		const place = path === '' ? key : `${path}.${key}`;
		if (inMetadata && secret.test(key) && !/FromEnv$/i.test(key)) {
			left.push(place);
			return [];
		}

		return [[key, withoutCredentials(item, place, left)] as const];
	});
	return Object.fromEntries(entries);
}
