import tseslint from 'typescript-eslint';

const power =
	':matches(BinaryExpression[operator="**"], AssignmentExpression[operator="**="]):not([left.value=2]):not([right.value=2]):not([left.bigint])';

// Biome does format, lint and boundaries; three of these rules need types.
export default tseslint.config(
	{
		files: ['**/*.ts'],
		languageOptions: {
			parser: tseslint.parser,
			parserOptions: {project: ['./tsconfig.json', './tsconfig.browser.json']},
		},
		plugins: {'@typescript-eslint': tseslint.plugin},
		rules: {
			'@typescript-eslint/no-floating-promises': 'error',
			'@typescript-eslint/no-misused-promises': 'error',
			'@typescript-eslint/switch-exhaustiveness-check': ['error', {considerDefaultExhaustiveForUnions: true}],
		},
	},
	{
		// The same bytes on every machine: the last bit of a power depends on the release of V8, but for powers of 2 and squares.
		files: ['src/**/*.ts'],
		rules: {
			'no-restricted-syntax': [
				'error',
				{
					selector: `${power}, MemberExpression[object.name="Math"][property.name="pow"]`,
					message: 'Expected a product or Math.exp, got a power, whose last bit depends on the release of V8.',
				},
			],
		},
	},
);
