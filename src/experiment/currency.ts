/** Codes of ISO 4217 of money that is in use; without funds, metals and the codes for tests. */
const codes: ReadonlySet<string> = new Set(
	(
		'AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BGN BHD BIF BMD BND BOB BRL BSD BTN BWP BYN BZD CAD CDF CHF CLP ' +
		'CNY COP CRC CUP CVE CZK DJF DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GNF GTQ GYD HKD HNL HTG HUF ' +
		'IDR ILS INR IQD IRR ISK JMD JOD JPY KES KGS KHR KMF KPW KRW KWD KYD KZT LAK LBP LKR LRD LSL LYD MAD MDL MGA MKD ' +
		'MMK MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD OMR PAB PEN PGK PHP PKR PLN PYG QAR RON RSD RUB ' +
		'RWF SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TND TOP TRY TTD TWD TZS UAH UGX USD ' +
		'UYU UZS VED VES VND VUV WST XAF XCD XCG XOF XPF YER ZAR ZMW ZWG'
	).split(' '),
);

/** Signs that stand for one currency alone; the others are written as codes. */
const signs: ReadonlyMap<string, string> = new Map([
	['USD', '$'],
	['EUR', '€'],
	['GBP', '£'],
	['INR', '₹'],
	['JPY', '¥'],
]);

/** Whether a text is the code of a currency, such as `EUR`. */
export function isCurrency(code: string): boolean {
	return codes.has(code);
}

/** The code that a code or a sign names; undefined when it names none. */
export function currencyNamed(name: string): string | undefined {
	return isCurrency(name) ? name : [...signs].find(([, sign]) => sign === name)?.[0];
}

/** `$`, `€`, or the code where there is no sign of its own. */
export function currencySign(currency: string): string {
	return signs.get(currency) ?? currency;
}

/** Names of the unit of a price for an hour: `€/h` and `EUR/h`. */
export function hourlyUnits(currency: string): readonly string[] {
	return [...new Set([currencySign(currency), currency])].map(name => `${name}/h`);
}

/** Prefix of an amount: `$`, or `CHF ` with a space. */
export function currencyPrefix(currency: string): string {
	return signs.get(currency) ?? `${currency} `;
}
