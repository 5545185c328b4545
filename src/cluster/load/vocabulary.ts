/** Common English words, each one token in the vocabularies of Llama, SmolLM and their kin. */
export const vocabulary: readonly string[] = [
	...'time people way water word day part place back work number sound year name home line'.split(' '),
	...'hand school light group land form side room park book car team city road house tree'.split(' '),
	...'food fish bird game field horse stone wind fire sea sun moon rain snow river lake'.split(' '),
	...'hill farm door wall floor table chair bed cup bowl coat hat shoe ball bell box'.split(' '),
];
